/** Where a link of a mail really leads, and whether its words say otherwise. */

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

const LOOKS_LIKE_ADDRESS = /^\s*(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/?#:]\S*)?\s*$/iu;

/** The host that the words of a link name, when they are an address of the web. */
export function writtenHost(text: string): string | null {
  const match = LOOKS_LIKE_ADDRESS.exec(text);
  return match?.[1]?.toLowerCase() ?? null;
}

function withoutWww(host: string): string {
  return host.toLowerCase().replace(/^www\./, '');
}

/**
 * True when the words of a link name one site and the link leads to another.
 * A site below the written one is the same house; anything else is told to the reader.
 */
export function leadsElsewhere(text: string, destination: Destination): boolean {
  if (destination.kind !== 'web') return false;
  const written = writtenHost(text);
  if (written === null) return false;
  const shown = withoutWww(written);
  const real = withoutWww(destination.host);
  return real !== shown && !real.endsWith(`.${shown}`);
}

export interface TextPiece {
  readonly text: string;
  readonly href?: string;
}

const IN_TEXT =
  /(https?:\/\/[^\s<>"«»]+|www\.[^\s<>"«»]+\.[^\s<>"«»]+)|([\p{L}\p{N}._%+'-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,})/giu;

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

/** Leave the full stop, the closing bracket of the sentence and the like outside the link. */
function trimAddress(address: string): string {
  let end = address.replace(/[.,;:!?'’*_]+$/u, '');
  for (const [open, close] of [
    ['(', ')'],
    ['[', ']'],
  ] as const) {
    while (end.endsWith(close) && count(end, close) > count(end, open)) end = end.slice(0, -1);
  }
  return end.replace(/[.,;:!?]+$/u, '');
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** The domains of somebody's house: where their addresses are, and where this page comes from. */
export function ownDomains(me: { readonly identities: readonly { readonly email: string }[] } | null, here: string): readonly string[] {
  const domains = (me?.identities ?? []).map(({ email }) => email.slice(email.lastIndexOf('@') + 1).toLowerCase());
  return [...new Set([...domains, here])].filter((domain) => domain.includes('.'));
}
