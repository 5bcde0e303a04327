import ICAL from 'ical.js';

import { componentsOf } from './components.ts';

export interface Person {
  readonly name: string;
  readonly organisation: string;
  readonly title: string;
  readonly mails: readonly string[];
  readonly phones: readonly string[];
  readonly addresses: readonly string[];
  readonly sites: readonly string[];
  readonly birthday: string;
  readonly notes: string;
  /** A picture that lies in the card itself, as `data:`; empty without one. */
  readonly photo: string;
}

/** Base64 of a photo that a card shows: some hundreds of kilobytes. */
const LARGEST_PHOTO = 1_000_000;

/** The first MOST people in a vCard file, of version 2.1 too as far as it is like the later ones. Throws where it is none. */
export function readCards(text: string, most = Infinity): { readonly people: readonly Person[]; readonly count: number } {
  const { first, count } = componentsOf(text, [], 'VCARD', most);
  const people = first.map((card) => readCard(new ICAL.Component(ICAL.parse(normal(card)) as ConstructorParameters<typeof ICAL.Component>[0])));
  return { people, count };
}

const QUOTED = /^[^:]*;ENCODING=QUOTED-PRINTABLE/i;

/** Its lines; an equals sign ends one early where letters are quoted, and is itself everywhere else: photos end with it. */
function linesOf(card: string): readonly string[] {
  const lines: string[] = [];
  let open = '';
  for (const line of card.split(/\r?\n/)) {
    const whole = open + line;
    const goesOn = QUOTED.test(whole) && whole.endsWith('=');
    open = goesOn ? whole.slice(0, -1) : '';
    if (!goesOn && whole.trim() !== '') lines.push(whole);
  }
  return lines;
}

/** Version 2.1 writes `TEL;CELL:` where later ones write `TEL;TYPE=CELL:`, and letters as `=C3=A9`. */
function normal(card: string): string {
  return linesOf(card)
    .map((line) => (QUOTED.test(line) ? quotedPrintable(line) : line))
    .map(typed)
    .join('\r\n');
}

function typed(line: string): string {
  const head = /^[A-Z0-9.-]+(?:;(?:[^":;]|"[^"]*")*)+(?=:)/i.exec(line)?.[0] ?? '';
  return head.replace(/;([A-Z0-9-]+)(?=;|$)/gi, ';TYPE=$1') + line.slice(head.length);
}

function quotedPrintable(line: string): string {
  const at = line.indexOf(':');
  const head = line.slice(0, at).replace(/;ENCODING=QUOTED-PRINTABLE|;CHARSET=[^;:]+/gi, '');
  const bytes = line.slice(at + 1).replace(/%/g, '%25').replace(/=([0-9A-F]{2})/gi, '%$1');
  try {
    return `${head}:${decodeURIComponent(bytes).replace(/\r?\n/g, '\\n')}`;
  } catch {
    return `${head}:${line.slice(at + 1)}`;
  }
}

function readCard(card: ICAL.Component): Person {
  const name = first(card, 'fn') || parts(card, 'n').slice(0, 2).reverse().join(' ').trim();
  return {
    name,
    organisation: parts(card, 'org').join(', '),
    title: first(card, 'title') || first(card, 'role'),
    mails: all(card, 'email').filter((one) => one.includes('@')),
    phones: all(card, 'tel').map((one) => one.replace(/^tel:/i, '')),
    addresses: card.getAllProperties('adr').map((one) => flat(one.getFirstValue()).filter((part) => part !== '').join(', ')),
    sites: all(card, 'url').filter((one) => /^https?:\/\//i.test(one)),
    birthday: first(card, 'bday'),
    notes: first(card, 'note'),
    photo: photoOf(card.getFirstProperty('photo')),
  };
}

/** What a browser draws and nothing that runs; a photo that is elsewhere would tell who looks at the card. */
function photoOf(property: ICAL.Property | null): string {
  const held: unknown = property?.getFirstValue();
  const value = (held instanceof ICAL.Binary ? held.value : flat(held).join('')).replace(/\s/g, '');
  const [, type = kindOf(value), data = value] = /^data:image\/(png|jpeg|gif|webp);base64\\?,(.*)$/i.exec(value) ?? [];
  const shown = type !== '' && data.length <= LARGEST_PHOTO && /^[A-Za-z0-9+/]+=*$/.test(data);
  return shown ? `data:image/${type.toLowerCase()};base64,${data}` : '';
}

function kindOf(data: string): string {
  return KINDS.find(({ start }) => data.startsWith(start))?.type ?? '';
}

/** How pictures begin, in base64: what cards say of their kind is often another one. */
const KINDS = [
  { start: 'iVBORw0KGgo', type: 'png' }, { start: '/9j/', type: 'jpeg' }, { start: 'R0lGOD', type: 'gif' }, { start: 'UklGR', type: 'webp' },
];

function all(card: ICAL.Component, name: string): readonly string[] {
  return card.getAllProperties(name).map((one) => flat(one.getFirstValue()).join(' ').trim()).filter((one) => one !== '');
}

function first(card: ICAL.Component, name: string): string {
  return all(card, name)[0] ?? '';
}

function parts(card: ICAL.Component, name: string): string[] {
  return flat(card.getFirstPropertyValue(name)).filter((part) => part !== '');
}

/** ical.js gives text, lists of text, and objects of its own for dates, which say themselves. */
function flat(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(flat);
  if (typeof value === 'string') return [value.trim()];
  return value instanceof ICAL.Time ? [value.toString()] : [];
}
