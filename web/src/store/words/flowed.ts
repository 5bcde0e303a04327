/**
 * Plain text that says which of its line ends are its own: `format=flowed` (RFC 3676).
 *
 * No library of npm does this by itself; those that do carry a whole MIME parser along.
 */

/** Longer lines are parted; as long as readers that know nothing of this show without folding (§4.2). */
const LONGEST = 78;
const PARTED = 72;
/** The line before a signature ends with a space and stands alone all the same (§4.3). */
const SEPARATOR = '-- ';

export interface Flow {
  readonly flowed: boolean;
  /** The space at the end of a parted line isn't one of the text. */
  readonly delsp: boolean;
}

/** What a `Content-Type` says of its lines. */
export function flowOf(contentType: string): Flow {
  const says = (name: string, value: string): boolean => new RegExp(`;\\s*${name}\\s*=\\s*"?${value}"?\\s*(?:;|\\(|$)`, 'i').test(contentType);
  return { flowed: says('format', 'flowed'), delsp: says('delsp', 'yes') };
}

interface Line {
  readonly depth: number;
  readonly text: string;
}

/** A line as it travels: how deep it is quoted, and its text without the space that was stuffed in. */
function readLine(line: string): Line {
  const depth = /^>*/.exec(line)?.[0].length ?? 0;
  const text = line.slice(depth);
  return { depth, text: text.startsWith(' ') ? text.slice(1) : text };
}

/** As everyone quotes: « >> words ». What isn't quoted and begins with « > » keeps a space before it. */
function written({ depth, text }: Line): string {
  if (depth === 0) return text.startsWith('>') ? ` ${text}` : text;
  return text === '' ? '>'.repeat(depth) : `${'>'.repeat(depth)} ${text}`;
}

/** The text with the lines that its writer made; « > » before what is quoted. */
export function unflowed(text: string, delsp: boolean): string {
  const lines: Line[] = [];
  let goesOn = false;
  for (const raw of text.replaceAll('\r\n', '\n').split('\n')) {
    const line = readLine(raw);
    const before = lines.at(-1);
    const parted = line.text !== SEPARATOR && line.text.endsWith(' ');
    const words = parted && delsp ? line.text.slice(0, -1) : line.text;
    if (goesOn && before !== undefined && continues(before, line)) lines[lines.length - 1] = { depth: line.depth, text: before.text + words };
    else lines.push({ depth: line.depth, text: words });
    goesOn = parted;
  }
  return lines.map(written).join('\n');
}

/** An empty line parts paragraphs, also after a line that some program left open. */
function continues(before: Line, line: Line): boolean {
  return before.depth === line.depth && line.text !== SEPARATOR && line.text !== '';
}

/** The same text with long lines parted, so that any program shows it well and one that knows puts them together again. */
export function flowed(text: string): string {
  return text.split('\n').flatMap(travelling).join('\n');
}

function travelling(line: string): readonly string[] {
  if (line === SEPARATOR) return [line];
  const marks = /^(?:> ?)*/.exec(line)?.[0] ?? '';
  const depth = marks.replaceAll(' ', '').length;
  const own = line.slice(marks.length).trimEnd();
  return pieces(own, depth).map((piece) => '>'.repeat(depth) + stuffed(piece, depth));
}

/** A space before what would be read as something else; after marks of quotation there always is one. */
function stuffed(piece: string, depth: number): string {
  const unclear = depth > 0 ? piece !== '' : /^(?: |>|From )/.test(piece);
  return unclear ? ` ${piece}` : piece;
}

function pieces(text: string, depth: number): readonly string[] {
  const taken = depth === 0 ? 0 : depth + 1;
  if (text.length + taken <= LONGEST) return [text];
  const found: string[] = [];
  let rest = text;
  while (rest.length + taken > LONGEST) {
    const end = placeToPart(rest, PARTED - taken);
    if (end === rest.length) break;
    found.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...found, rest];
}

/** After the last space that fits, else after the first one: a word that is too long stays whole. */
function placeToPart(text: string, most: number): number {
  const fits = text.lastIndexOf(' ', Math.max(0, most - 1));
  const at = fits > 0 && text.slice(0, fits).trim() !== '' ? fits : text.indexOf(' ', Math.max(1, most));
  if (at < 0) return text.length;
  return text.slice(0, at + 1) === SEPARATOR ? text.length : at + 1;
}
