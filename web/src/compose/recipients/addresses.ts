/** Addresses as people type and paste them. */

import type { Address } from '../../store/types.ts';

const ADDRESS = /^[^\s@<>"(),;:\\]+@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)*[\p{L}\p{N}][\p{L}\p{N}-]*$/u;

/** Whether a message could be sent there: something, an at sign, a host. The server has the last word. */
export function isAddress(text: string): boolean {
  return text.length <= 254 && ADDRESS.test(text);
}

/** The name of a group: words and a colon before the first address. */
const GROUP = /^[^@<>,;:"]+:(?!\/)\s*(?=[^:]*@)(?<!mailto:\s*)/i;

export interface Parsed {
  readonly people: readonly Address[];
  /** What isn't a whole address. */
  readonly rest: string;
}

/**
 * Read « Claire Lemoine <claire@…>, paul@… »: commas, semicolons and line ends part them, tabs and spaces where only
 * addresses stand. « Équipe : a@…, b@… ; » is a group (RFC 5322 §3.4), whose name is left out.
 */
export function readAddresses(text: string): Parsed {
  const people: Address[] = [];
  const rest: string[] = [];
  for (const piece of pieces(text.replace(GROUP, ''))) {
    const person = readOne(piece);
    const several = person === null ? piece.split(/\s+/).map(readOne) : [];
    if (person !== null) people.push(person);
    else if (several.length > 1 && several.every((one) => one !== null)) people.push(...several);
    else rest.push(piece);
  }
  return { people, rest: rest.join(', ') };
}

function pieces(text: string): string[] {
  const found: string[] = [];
  let piece = '';
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    const ends = !quoted && (/[;\n]/.test(character) || (character === ',' && piece.includes('@')));
    if (ends) {
      found.push(piece);
      piece = '';
    } else piece += character;
  }
  found.push(piece);
  return found.map((one) => one.replace(/^[\s,]+|[\s,]+$/g, '')).filter((one) => one !== '');
}

function readOne(piece: string): Address | null {
  const named = /^(.*?)\s*<\s*([^<>]+?)\s*>$/.exec(piece);
  const email = (named?.[2] ?? piece).replace(/^mailto:/i, '');
  if (!isAddress(email)) return null;
  const name = (named?.[1] ?? '').replace(/^["'\s]+|["'\s]+$/g, '');
  return { name: name === '' || name === email ? null : name, email };
}

/** Both lists, each address once, the first name kept. */
export function withPeople(before: readonly Address[], added: readonly Address[]): readonly Address[] {
  const seen = new Set<string>();
  return [...before, ...added].filter((person) => {
    const key = person.email.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
