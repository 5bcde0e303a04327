/**
 * Plain text that says which of its line ends are its own: `format=flowed` (RFC 3676), as many programs send it.
 *
 * No library of npm does this alone; those that do carry a whole MIME parser along.
 */

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
