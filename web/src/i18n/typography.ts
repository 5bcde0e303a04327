const NBSP = '\u00a0';

/** Put the non-breaking spaces of French where ordinary ones were typed. */
export function frenchSpaces(text: string): string {
  return text
    .replace(/ ([;:?!»])/g, `${NBSP}$1`)
    .replace(/« /g, `«${NBSP}`)
    .replace(/(\d) (Ko|Mo|Go|s|h|%)(?![\p{L}\p{N}])/gu, `$1${NBSP}$2`);
}

/** The same tree of words, its strings and what its functions answer set right. */
export function spaced<Tree extends object>(tree: Tree): Tree {
  const entries = Object.entries(tree).map(([name, value]) => [name, spacedValue(value)] as const);
  return Object.fromEntries(entries) as Tree;
}

function spacedValue(value: unknown): unknown {
  if (typeof value === 'string') return frenchSpaces(value);
  if (typeof value === 'function') return (...args: unknown[]) => frenchSpaces(String(Reflect.apply(value, null, args)));
  if (Array.isArray(value)) return value.map(spacedValue);
  if (typeof value === 'object' && value !== null) return spaced(value);
  return value;
}
