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
}

/** The first MOST people in a vCard file, of version 2.1 too as far as it is like the later ones. Throws where it is none. */
export function readCards(text: string, most = Infinity): { readonly people: readonly Person[]; readonly count: number } {
  const { first, count } = componentsOf(text, [], 'VCARD', most);
  const people = first.map((card) => readCard(new ICAL.Component(ICAL.parse(normal(card)) as ConstructorParameters<typeof ICAL.Component>[0])));
  return { people, count };
}

/** Version 2.1 writes `TEL;CELL:` where later ones write `TEL;TYPE=CELL:`, and letters as `=C3=A9`. */
function normal(card: string): string {
  return card
    .replace(/=\r?\n/g, '')
    .split(/\r?\n/)
    .map((line) => (/^[^:]*;ENCODING=QUOTED-PRINTABLE/i.test(line) ? quotedPrintable(line) : line))
    .map((line) => line.replace(/^([A-Z0-9.-]+)((?:;[A-Z0-9-]+)+)(?=[:;])/i, (_whole, name: string, bare: string) => name + bare.replaceAll(';', ';TYPE=')))
    .join('\r\n');
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
  };
}

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
