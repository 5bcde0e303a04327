/** Where a link of a mail really leads, and whether its words say otherwise. */

import { inLetters } from './punycode.ts';

export type Destination =
  | { readonly kind: 'web'; readonly href: string; readonly host: string }
  | { readonly kind: 'mail'; readonly address: string; readonly href: string }
  | { readonly kind: 'phone'; readonly href: string };

/** Read an address as it stands in a mail. Only the web, mail and telephone are ways out; all else is no link. */
export function destinationOf(raw: string): Destination | null {
  const text = raw.trim();
  if (!/^(https?|mailto|tel):/i.test(text)) return null;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  if (url.protocol === 'mailto:') return mailDestination(url);
  if (url.protocol === 'tel:') return { kind: 'phone', href: url.href };
  return { kind: 'web', href: url.href, host: url.hostname };
}

function mailDestination(url: URL): Destination | null {
  let address: string;
  try {
    address = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (address.trim() === '') return null;
  return { kind: 'mail', address, href: url.href };
}

const HOST = /^(?:https?:\/\/)?((?:[\p{L}\p{N}-]{1,63}\.){1,20}\p{L}{2,63})(?:[/?#:]\S*)?$/iu;
const IN_WORDS = /(?:https?:\/\/(?:[^\s/?#@]{0,200}@)?|(?<![\p{L}\p{N}@.-])(?=www\.))((?:[\p{L}\p{N}-]{1,63}\.){1,20}\p{L}{2,63})\S*/giu;
/** Names of files are no names of sites, though some of their endings are countries. */
const FILE = /^[^/:?#]+\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|txt|csv|zip|rar|7z|jpe?g|png|gif|svg|webp|heic|html?|md|mp[34]|mov|avi|wav|eml|ics|vcf|py|js|json|xml|ggb|tex)$/i;
/** A link of more words than this is no address that somebody would take for one. */
const WORDS = 2_000;

/** The words of a link as they are seen: signs without a shape left out, those that are drawn alike made one. */
export function seenWords(text: string): string {
  const bare = text.slice(0, WORDS).normalize('NFKC').replace(/[\p{Cf}\p{Mn}\u115f\u3164]/gu, '');
  return bare.replace(/[‐‑‒–−]/g, '-').replace(/[。․]/g, '.').trim();
}

/** The hosts that the words of a link name: all of it an address, or addresses written out among words. */
function writtenHosts(text: string): readonly string[] {
  const words = seenWords(text);
  const whole = FILE.test(words) ? undefined : HOST.exec(words)?.[1];
  const hosts = whole === undefined ? Array.from(words.matchAll(IN_WORDS), (match) => match[1] ?? '') : [whole];
  return hosts.map((host) => host.toLowerCase());
}

function withoutWww(host: string): string {
  return inLetters(host.toLowerCase()).normalize('NFKC').replace(/^www\./, '');
}

/**
 * True when the words of a link name one site and the link leads to another.
 * A site below the written one is the same house; anything else is told to the reader.
 */
export function leadsElsewhere(text: string, destination: Destination): boolean {
  return destination.kind === 'web' && writtenHosts(text).some((host) => !isBelow(destination.host, host));
}

/** Whether HOST is the site that is WRITTEN, or one of the same house. */
function isBelow(host: string, written: string): boolean {
  const [real, shown] = [withoutWww(host), withoutWww(written)];
  return real === shown || real.endsWith(`.${shown}`);
}

export interface TextPiece {
  readonly text: string;
  readonly href?: string;
}

/** Each sign of a text is looked at a few times at most, however it was made: parts begin where a word does, and have an end. */
const IN_TEXT =
  /(https?:\/\/[^\s<>"«»]+|www\.[^\s<>"«».]{1,200}\.[^\s<>"«»]+)|((?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,20}\p{L}{2,63})/giu;

/** Cut plain text into pieces, those that are addresses carrying where they lead. */
export function linkify(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(IN_TEXT)) {
    const found = match[1] === undefined ? match[0] : trimAddress(match[0]);
    const at = match.index;
    if (at > from) pieces.push({ text: text.slice(from, at) });
    pieces.push({ text: found, href: hrefOf(found, match[1] !== undefined) });
    from = at + found.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

function hrefOf(found: string, web: boolean): string {
  if (!web) return `mailto:${found}`;
  return /^https?:/i.test(found) ? found : `https://${found}`;
}

const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[' };

/** Leave the full stop, the closing bracket of the sentence and the like outside the link. */
function trimAddress(address: string): string {
  const left = { ')': surplus(address, ')'), ']': surplus(address, ']') };
  let end = trimmed(address, ".,;:!?'’*_");
  for (let last = end.at(-1); last === ')' || last === ']'; last = end.at(-1)) {
    if (left[last] <= 0) break;
    left[last] -= 1;
    end = end.slice(0, -1);
  }
  return trimmed(end, '.,;:!?');
}

/** How many brackets close that none has opened. */
function surplus(text: string, close: string): number {
  return count(text, close) - count(text, PAIRS[close] ?? '');
}

function trimmed(text: string, signs: string): string {
  let end = text.length;
  while (end > 0 && signs.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** The domains of somebody's house: where their addresses are, and where this page comes from. */
export function ownDomains(me: { readonly identities: readonly { readonly email: string }[] } | null, here: string): readonly string[] {
  const domains = (me?.identities ?? []).map(({ email }) => email.slice(email.lastIndexOf('@') + 1).toLowerCase());
  return [...new Set([...domains, here])].filter((domain) => domain.includes('.'));
}
