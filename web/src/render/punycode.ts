/** Names of sites with letters of other alphabets, as they are drawn (RFC 3492). */

const BASE = 36;
const MOST = 0x10ffff;
/** A label of the names of sites has no more (RFC 1035). */
const LONGEST = 63;

/** The host with every `xn--` label in its own letters; what can't be read stays as it is. */
export function inLetters(host: string): string {
  return host
    .split('.')
    .map((label) => (/^xn--/i.test(label) && label.length <= LONGEST ? (decoded(label.slice(4)) ?? label) : label))
    .join('.');
}

function decoded(text: string): string | null {
  const hyphen = text.lastIndexOf('-');
  const letters = hyphen > 0 ? Array.from(text.slice(0, hyphen), (letter) => letter.charCodeAt(0)) : [];
  let at = hyphen > 0 ? hyphen + 1 : 0;
  let code = 128;
  let place = 0;
  let bias = 72;
  while (at < text.length) {
    const read = readNumber(text, at, bias);
    if (read === null) return null;
    const before = place;
    place += read.value;
    at = read.next;
    const length = letters.length + 1;
    bias = adapted(place - before, length, before === 0);
    code += Math.floor(place / length);
    place %= length;
    if (code > MOST) return null;
    letters.splice(place, 0, code);
    place += 1;
  }
  return String.fromCodePoint(...letters);
}

function readNumber(text: string, from: number, bias: number): { readonly value: number; readonly next: number } | null {
  let value = 0;
  let weight = 1;
  let at = from;
  for (let step = BASE; ; step += BASE) {
    const digit = digitOf(text.charCodeAt(at));
    at += 1;
    if (digit === null) return null;
    value += digit * weight;
    const threshold = step <= bias ? 1 : Math.min(26, step - bias);
    if (digit < threshold) return value > MOST * 256 ? null : { value, next: at };
    weight *= BASE - threshold;
  }
}

function digitOf(code: number): number | null {
  if (code >= 48 && code <= 57) return code - 22;
  if (code >= 97 && code <= 122) return code - 97;
  if (code >= 65 && code <= 90) return code - 65;
  return null;
}

function adapted(delta: number, length: number, first: boolean): number {
  let rest = first ? Math.floor(delta / 700) : delta >> 1;
  rest += Math.floor(rest / length);
  let steps = 0;
  while (rest > 455) {
    rest = Math.floor(rest / 35);
    steps += BASE;
  }
  return steps + Math.floor((36 * rest) / (rest + 38));
}
