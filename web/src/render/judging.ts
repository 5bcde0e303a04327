/** Whether a link is what it seems. What is doubtful isn't forbidden: the reader is asked first. */

import { type Destination, leadsElsewhere, seenWords } from './links.ts';
import { inLetters } from './punycode.ts';

export type Doubt = 'elsewhere' | 'lookalike' | 'letters' | 'address' | 'userinfo' | 'short' | 'port';

const ACADEMIES =
  'aix-marseille amiens besancon bordeaux caen clermont corse creteil dijon grenoble guadeloupe guyane lille limoges lyon ' +
  'martinique mayotte montpellier nancy-metz nantes nice normandie noumea orleans-tours paris poitiers polynesie reims ' +
  'rennes reunion rouen spm strasbourg toulouse versailles wf';
/** Names that others would like to be taken for, and which every person here knows. */
const KNOWN = ['education.gouv.fr', 'gouv.fr', 'education.fr', 'reseau-canope.fr', ...ACADEMIES.split(' ').map((name) => `ac-${name}.fr`)];
/** Services whose addresses only forward to another one. */
const SHORT = new Set([
  'bit.ly', 'tinyurl.com', 't.co', 'goo.gl', 'ow.ly', 'is.gd', 'v.gd', 'buff.ly', 'rb.gy', 'cutt.ly', 'rebrand.ly',
  's.id', 'urlz.fr', 'shorturl.at', 'tiny.cc', 'lc.cx', 'x.gd', 'bl.ink', 'qr.link', 'lnkd.in', 't.ly', 'dub.sh',
]);

/** What a doubt looks at. */
interface Seen {
  readonly raw: string;
  readonly url: URL;
  readonly host: string;
  readonly own: readonly string[];
}

const SIGNS: readonly (readonly [Doubt, (seen: Seen) => boolean])[] = [
  ['lookalike', ({ host, own }) => isMasked(host, own)],
  ['letters', ({ host }) => hasStrangeLetters(host)],
  ['address', ({ host }) => /^\[|^\d+(?:\.\d+){3}$/.test(host)],
  ['userinfo', ({ raw, url }) => url.username !== '' || url.password !== '' || /^https?:[/\\]*[^/\\?#]*@/i.test(raw.trim())],
  ['short', ({ host }) => SHORT.has(host.replace(/^www\./, ''))],
  ['port', ({ url, host, own }) => url.port !== '' && !isOf(host, own)],
];

/** Everything doubtful about a link to the web. `own` are the domains that belong to the reader's house. */
export function doubtsOf(text: string, raw: string, destination: Destination, own: readonly string[]): readonly Doubt[] {
  if (destination.kind !== 'web') return [];
  const url = new URL(destination.href);
  const seen: Seen = { raw, url, host: url.hostname.replace(/\.$/, ''), own };
  const found = SIGNS.filter(([, shows]) => shows(seen)).map(([doubt]) => doubt);
  return leadsElsewhere(text, destination) || borrows(text, seen) ? ['elsewhere', ...found] : found;
}

const NAMED = /(?<![\p{L}\p{N}@./=-])(?:[\p{L}\p{N}-]{1,63}\.){1,20}\p{L}{2,63}(?![\p{L}\p{N}-])/giu;

/** A name that every person here knows stands among the words, written backwards too, and the link leads to another. */
function borrows(text: string, { host, own }: Seen): boolean {
  const words = seenWords(text).toLowerCase();
  const known = [...own, ...KNOWN];
  if (!words.includes('.') || isOf(host, known)) return false;
  return [words, Array.from(words).reverse().join('')].some((side) =>
    Array.from(side.matchAll(NAMED), ([name]) => name).some((name) => isOf(name, known)),
  );
}

function isOf(host: string, domains: readonly string[]): boolean {
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** Looks like a name of the house, or of the administration, without being one. */
function isMasked(host: string, own: readonly string[]): boolean {
  const mine = [...new Set(own.map(registered))].filter((name) => name !== 'localhost' && !KNOWN.includes(name));
  if (isOf(host, [...own, ...mine, ...KNOWN])) return false;
  const drawn = drawnOf(inLetters(host));
  return DRAWN.some((name) => imitates(drawn, name)) || mine.some((name) => imitates(drawn, drawnOf(name)));
}

/** The part of a name that somebody registered; on a developer's machine there is none to imitate. */
function registered(domain: string): string {
  return domain.endsWith('.localhost') ? 'localhost' : domain.split('.').slice(-2).join('.');
}

/** A name as it is drawn: whole, with hyphens for full stops, and its labels. */
interface Drawn {
  readonly name: string;
  readonly plain: string;
  readonly labels: readonly string[];
}

function drawnOf(host: string): Drawn {
  const name = skeleton(host);
  return { name, plain: name.replace(/\./g, '-'), labels: name.split('.') };
}

function imitates(host: Drawn, other: Drawn): boolean {
  return (other.name.length > 7 && holds(host, other)) || resembles(host.labels, other);
}

/** « ac-rouen.fr.ailleurs.net », « ac-rouen-fr.net »: the whole name at the front or inside of another. */
function holds(host: Drawn, { name, plain }: Drawn): boolean {
  return host.plain.includes(plain) && (`.${host.name}`.includes(`.${name}.`) || host.plain.includes(`${plain}-`) || host.name.includes(plain));
}

/** « ac-rouen.com », « ac-rouen.ailleurs.net », and one slip of the hand: « ac-rouenn.fr », « ac-ruoen.fr ». */
function resembles(host: readonly string[], { name, labels }: Drawn): boolean {
  const [first = ''] = labels;
  const end = host.slice(-labels.length).join('.');
  return end === name || (first.length >= 6 && (host.includes(first) || distance(end, name) === 1));
}

const LIKE: Readonly<Record<string, string>> = {
  '0': 'o', '1': 'l', '3': 'e', '5': 's', '6': 'b', '9': 'g', 'ı': 'l', 'і': 'l', 'i': 'l', 'ӏ': 'l', 'ǀ': 'l', 'α': 'a', 'а': 'a',
  'ɑ': 'a', 'ϲ': 'c', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'ҽ': 'e', 'ε': 'e', 'ɡ': 'g', 'һ': 'h', 'ј': 'j', 'κ': 'k', 'к': 'k',
  'м': 'm', 'п': 'n', 'ո': 'n', 'η': 'n', 'ο': 'o', 'о': 'o', 'օ': 'o', 'ρ': 'p', 'р': 'p', 'ԛ': 'q', 'г': 'r', 'ѕ': 's',
  'т': 't', 'τ': 't', 'υ': 'u', 'ս': 'u', 'ν': 'v', 'ѵ': 'v', 'ԝ': 'w', 'ω': 'w', 'х': 'x', 'χ': 'x', 'у': 'y', 'γ': 'y',
  '‐': '-', '‑': '-', '–': '-', 'ー': '-', '·': '.', '․': '.', '。': '.',
};

/** What a name looks like at a glance: accents off, letters that are drawn alike made one. */
export function skeleton(name: string): string {
  const bare = name.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
  return Array.from(bare, (letter) => LIKE[letter] ?? letter).join('').replace(/rn/g, 'm').replace(/vv/g, 'w').replace(/cl/g, 'd');
}

/** The names that everybody knows, as they are drawn: a mail of thousands of links asks for them at each. */
const DRAWN = KNOWN.map(drawnOf);

/** Letters that French names of sites never have: their label may imitate another. */
function hasStrangeLetters(host: string): boolean {
  if (!/xn--/i.test(host)) return false;
  return inLetters(host).split('.').some((label) => /xn--|[^\p{Script=Latin}\p{N}-]/iu.test(label) || /[ıɑɡɩʟǀ]/u.test(label));
}

/** Slips between two names: letters put in, left out, replaced, or two neighbours exchanged; 2 means « more than one ». */
export function distance(one: string, other: string): 0 | 1 | 2 {
  if (one === other) return 0;
  if (Math.abs(one.length - other.length) > 1) return 2;
  const start = common((at) => [one[at], other[at]], Math.min(one.length, other.length));
  const end = common((at) => [one.at(-1 - at), other.at(-1 - at)], Math.min(one.length, other.length) - start);
  const left = one.slice(start, one.length - end);
  const right = other.slice(start, other.length - end);
  if (left.length <= 1 && right.length <= 1) return 1;
  return left.length === 2 && left === right.charAt(1) + right.charAt(0) && right.length === 2 ? 1 : 2;
}

/** How many pairs are the same before the first that isn't. */
function common(pair: (at: number) => readonly [string | undefined, string | undefined], most: number): number {
  for (let at = 0; at < most; at += 1) {
    const [left, right] = pair(at);
    if (left !== right) return at;
  }
  return most;
}

/** Where a press goes: straight there, or by our own page that asks first. */
export function wayTo(destination: Destination, doubts: readonly Doubt[], origin: string): string {
  if (destination.kind !== 'web' || doubts.length === 0) return destination.href;
  const query = new URLSearchParams({ vers: destination.href, pour: doubts.join(',') });
  return `${origin}/sortie/?${query.toString()}`;
}

/** What is told of a link before it is pressed: the site in clear, as it is drawn and as it is asked for. */
export function toldOf(destination: Destination): string {
  if (destination.kind === 'mail') return destination.address;
  if (destination.kind === 'phone') return destination.href.slice(4);
  const drawn = inLetters(destination.host);
  return drawn === destination.host ? drawn : `${drawn} (${destination.host})`;
}

/** The name of the bubble that tells a place, by its number in the message. */
export function bubbleOf(number: number): string {
  return `casier-to-${number}`;
}
