/**
 * What a mail asks of the browser that lays it out.
 *
 * A page has one thread: a mail of a hundred thousand boxes, or a table of millions of empty places, would hold all of
 * the webmail while it is laid out. Such a mail comes as its text first, with its layout when asked; what would take the
 * page down has its text only.
 */

export type Weight = 'light' | 'heavy' | 'crushing';

interface Limits {
  readonly characters: number;
  readonly elements: number;
  /** Places of tables, taken or empty: a cell may span millions of them. */
  readonly places: number;
}

const HEAVY: Limits = { characters: 700_000, elements: 10_000, places: 500_000 };
const CRUSHING: Limits = { characters: 4_000_000, elements: 30_000, places: 3_000_000 };
/** Nothing so short asks for much: most mail isn't read twice. */
const SHORT = 10_000;
/** Boxes open at once. A browser looks through all of them for each that comes, long before it draws anything. */
const OPEN_AT_ONCE = 1_000;
/** Attributes of one element; taking away those that aren't allowed takes the square of their number. */
const ATTRIBUTES = 1_000;

const REMEMBERED = 30;
const known = new Map<string, Weight>();

/** How heavy the layout of a mail would be. */
export function weightOf(html: string): Weight {
  if (html.length < SHORT) return 'light';
  const before = known.get(html);
  if (before !== undefined) return before;
  const weight = weigh(html);
  known.set(html, weight);
  for (const oldest of known.keys()) {
    if (known.size <= REMEMBERED) break;
    known.delete(oldest);
  }
  return weight;
}

function weigh(html: string): Weight {
  if (html.length > CRUSHING.characters || isDeep(html)) return 'crushing';
  const page = new DOMParser().parseFromString(html, 'text/html');
  const all = page.querySelectorAll('*');
  if (all.length > CRUSHING.elements || [...all].some((one) => one.attributes.length > ATTRIBUTES)) return 'crushing';
  const load: Limits = { characters: html.length, elements: all.length, places: placesOf(page) };
  if (exceeds(load, CRUSHING)) return 'crushing';
  return exceeds(load, HEAVY) ? 'heavy' : 'light';
}

const MARK = /<(\/?)([a-z][a-z0-9:-]{0,30})/gi;
/** What has no end, or ends where the next one begins: it gets deeper only by what stands between. */
const ENDLESS =
  /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|p|li|td|th|tr|tbody|thead|tfoot|dt|dd|option|o:p)$/;

/** Whether boxes stand in boxes beyond anything that is read, told from the text alone. */
export function isDeep(html: string): boolean {
  const open = new Map<string, number>();
  let depth = 0;
  for (const [, ends, written = ''] of html.matchAll(MARK)) {
    const name = written.toLowerCase();
    if (ENDLESS.test(name)) continue;
    const before = open.get(name) ?? 0;
    if (ends === '/' && before === 0) continue;
    const step = ends === '/' ? -1 : 1;
    open.set(name, before + step);
    depth += step;
    if (depth > OPEN_AT_ONCE) return true;
  }
  return false;
}

function exceeds(load: Limits, limits: Limits): boolean {
  return load.characters > limits.characters || load.elements > limits.elements || load.places > limits.places;
}

/** One table: its rows, its columns as its widest row or its own account has them, and what its tall cells push aside. */
interface Table {
  rows: number;
  columns: number;
  counted: number;
  readonly tall: { readonly wide: number; readonly high: number }[];
}

function placesOf(page: Document): number {
  const tables = new Map<Element | null, Table>();
  const tableOf = (element: Element): Table => {
    const at = element.closest('table');
    const table = tables.get(at) ?? { rows: 0, columns: 1, counted: 0, tall: [] };
    tables.set(at, table);
    return table;
  };
  for (const column of page.querySelectorAll('col, colgroup')) tableOf(column).counted += spanOf(column, 'span', 1_000);
  for (const row of page.querySelectorAll('tr')) {
    const table = tableOf(row);
    table.rows += 1;
    table.columns = Math.max(table.columns, widthOf(row, table));
  }
  let places = 0;
  for (const { rows, columns, counted, tall } of tables.values()) {
    places += Math.max(rows, 1) * Math.max(columns, counted);
    for (const { wide, high } of tall) places += wide * Math.min(high, rows);
  }
  return places;
}

function widthOf(row: Element, table: Table): number {
  let width = 0;
  for (const cell of row.children) {
    const wide = spanOf(cell, 'colspan', 1_000);
    const high = spanOf(cell, 'rowspan', 65_534);
    if (high > 1) table.tall.push({ wide, high });
    width += wide;
  }
  return width;
}

/** A span as browsers read it; none, or nonsense, is one. A `rowspan` of nothing reaches to the end of the table. */
function spanOf(element: Element, name: string, most: number): number {
  const text = element.getAttribute(name);
  const span = text === null ? 1 : Number.parseInt(text, 10);
  if (name === 'rowspan' && span === 0) return most;
  return Number.isNaN(span) || span < 1 ? 1 : Math.min(span, most);
}
