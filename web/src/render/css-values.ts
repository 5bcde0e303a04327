/** The value of a declaration taken apart, each sign read once, so that what one part holds is never taken for another. */

export interface Piece {
  readonly kind: 'bare' | 'string' | 'address';
  /** What stands in the quotes or in the brackets. */
  readonly text: string;
  /** As it is written. */
  readonly raw: string;
}

const OPENING = /["']|url\(/gi;
const BLANK = /\s*/y;
const CLOSING = /\s*\)/y;

/** Null for what is never closed, and for escapes: a browser writes none but in quotes, and they hide anything. */
export function piecesOf(value: string): readonly Piece[] | null {
  if (value.includes('\\')) return null;
  const pieces: Piece[] = [];
  let at = 0;
  while (at < value.length) {
    OPENING.lastIndex = at;
    const found = OPENING.exec(value);
    if (found === null) break;
    if (found.index > at) pieces.push(bare(value.slice(at, found.index)));
    const piece = found[0].length === 1 ? stringAt(value, found.index) : addressAt(value, found.index, OPENING.lastIndex);
    if (piece === null) return null;
    pieces.push(piece);
    at = found.index + piece.raw.length;
  }
  if (at < value.length) pieces.push(bare(value.slice(at)));
  return pieces;
}

/** The value with a mark in the place of each string and address: what is left are words of CSS. */
export function wordsOf(pieces: readonly Piece[]): string {
  const marks = { string: '""', address: 'url()' };
  return pieces.map((piece) => (piece.kind === 'bare' ? piece.raw : marks[piece.kind])).join('');
}

function bare(raw: string): Piece {
  return { kind: 'bare', text: raw, raw };
}

function stringAt(value: string, from: number): Piece | null {
  const end = value.indexOf(value.charAt(from), from + 1);
  return end < 0 ? null : { kind: 'string', text: value.slice(from + 1, end), raw: value.slice(from, end + 1) };
}

function addressAt(value: string, from: number, inside: number): Piece | null {
  const start = after(BLANK, value, inside) ?? inside;
  const quote = /^["']/.exec(value.charAt(start))?.[0] ?? '';
  const end = value.indexOf(quote || ')', start + quote.length);
  const closed = end < 0 ? null : after(CLOSING, value, end + quote.length);
  if (closed === null) return null;
  const text = value.slice(start + quote.length, end).trim();
  // No browser writes these as they are.
  const strange = quote === '' ? /["'(]/ : /"/;
  return strange.test(text) ? null : { kind: 'address', text, raw: value.slice(from, closed) };
}

/** The end of what PATTERN finds just at a place. */
function after(pattern: RegExp, value: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(value) ? pattern.lastIndex : null;
}

const DEEPEST_BRACKETS = 100;

/** Brackets in brackets beyond any layout: reading them costs a browser its stack, and the page with it. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [sign] of text.matchAll(/[()[\]{}]/g)) {
    depth = Math.max(0, depth + ('([{'.includes(sign) ? 1 : -1));
    if (depth > DEEPEST_BRACKETS) return true;
  }
  return false;
}
