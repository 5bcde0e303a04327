/** A search as one types it, taken apart into terms, each with its place in the text so that it can be taken out again. */

export type Operator =
  | 'from' | 'to' | 'cc' | 'subject' | 'body' | 'before' | 'after' | 'attachment' | 'in' | 'label' | 'is' | 'larger' | 'smaller';

/** The first of each kind is the one we write, in French, then in English. */
export const OPERATORS: Readonly<Record<Operator, readonly string[]>> = {
  from: ['de', 'from', 'expéditeur'],
  to: ['à', 'to', 'a', 'pour'],
  cc: ['cc', 'cc', 'copie'],
  subject: ['objet', 'subject', 'sujet'],
  body: ['texte', 'body', 'corps'],
  before: ['avant', 'before'],
  after: ['après', 'after', 'depuis', 'since'],
  attachment: ['pièce', 'attachment', 'pj', 'has', 'fichier', 'file', 'filename'],
  in: ['dans', 'in', 'dossier', 'folder'],
  label: ['étiquette', 'label', 'libellé', 'tag'],
  is: ['est', 'is'],
  larger: ['plus-grand', 'larger'],
  smaller: ['plus-petit', 'smaller'],
};

/** Without accents and case: as one may type it. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

const BY_NAME = new Map((Object.keys(OPERATORS) as Operator[]).flatMap((operator) => OPERATORS[operator].map((name) => [fold(name), operator] as const)));

export interface Term {
  /** Null: a word, looked for everywhere. */
  readonly operator: Operator | null;
  readonly value: string;
  /** In quotes: as it stands. */
  readonly quoted: boolean;
  readonly not: boolean;
  /** Where it stands in what was typed. */
  readonly start: number;
  readonly end: number;
}

/** One of its terms must hold: one alone, or several with OU between them. */
export type Clause = readonly Term[];

/** `mot`, `-mot`, `"plusieurs mots"`, `de:durand`, `-objet:"conseil de classe"`. */
const PIECE = /(?<not>-)?(?:(?<name>\p{L}+(?:-\p{L}+)?)\s?:\s?)?(?:"(?<quoted>[^"]*)"?|«(?<guillemets>[^»]*)»?|(?<bare>\S+))/gu;
const OR = new Set(['OU', 'OR', '|']);
const NOT = new Set(['PAS', 'SAUF', 'NOT']);

export function operatorOf(name: string): Operator | undefined {
  return BY_NAME.get(fold(name));
}

function termOf(match: RegExpExecArray, not: boolean): Term | null {
  const { name, quoted, guillemets, bare, not: minus } = match.groups ?? {};
  const operator = name === undefined ? null : (operatorOf(name) ?? null);
  const place = { operator, not: not || minus !== undefined, start: match.index, end: match.index + match[0].length };
  if (name !== undefined && operator === null) return { ...place, value: match[0].replace(/^-/, ''), quoted: false };
  const value = [quoted, guillemets, bare].join('').trim();
  // What holds no letter and no figure can't be looked for.
  return operator === null && !/[\p{L}\p{N}]/u.test(value) ? null : { ...place, value, quoted: bare === undefined };
}

/** Take a search apart. Nothing typed is dropped in silence: what isn't understood is a word. */
export function readTerms(typed: string): readonly Clause[] {
  const clauses: Term[][] = [];
  let joins = false;
  let not = false;
  for (const match of typed.normalize('NFC').matchAll(PIECE)) {
    if (OR.has(match[0])) joins = clauses.length > 0;
    else if (NOT.has(match[0])) not = true;
    else {
      const term = termOf(match, not);
      not = false;
      if (term === null) continue;
      const last = clauses.at(-1);
      if (joins && last !== undefined) last.push(term);
      else clauses.push([term]);
      joins = false;
    }
  }
  return clauses;
}

/** A value as it is written after its operator: in quotes where it wouldn't be read back whole. */
export function writeValue(value: string): string {
  const plain = value.replaceAll('"', '').trim();
  return /^[^\s«»]+$/u.test(plain) ? plain : `"${plain}"`;
}

export function writeTerm(operator: Operator, value: string, locale: 'fr' | 'en', not = false): string {
  const name = OPERATORS[operator][locale === 'fr' ? 0 : 1] ?? '';
  return `${not ? '-' : ''}${name}:${writeValue(value)}`;
}

const ISO_DATE = /^(?<year>\d{4})(?:-(?<month>\d{1,2})(?:-(?<day>\d{1,2}))?)?$/;
const FRENCH_DATE = /^(?:(?<day>\d{1,2})\/)?(?<month>\d{1,2})\/(?<year>\d{4})$/;
const AGO = /^(?<count>\d{1,3})\s?(?<unit>[jdsmway])/iu;
const DAYS = new Map([['j', 1], ['d', 1], ['s', 7], ['w', 7], ['m', 30], ['a', 365], ['y', 365]]);
const NAMED = new Map([['aujourd\'hui', 0], ['aujourd’hui', 0], ['today', 0], ['hier', 1], ['yesterday', 1]]);

function daysAgo(typed: string): number | undefined {
  const { count, unit } = AGO.exec(typed)?.groups ?? {};
  const length = DAYS.get((unit ?? '').toLowerCase());
  return length === undefined ? NAMED.get(typed.toLowerCase()) : Number(count) * length;
}

/** `2026`, `2026-10-31`, `31/10/2026`, `10/2026`, `hier`, `7j`: its first moment, in local time. Null for anything else. */
export function readDate(typed: string, now: Date): Date | null {
  const groups = (ISO_DATE.exec(typed) ?? FRENCH_DATE.exec(typed))?.groups;
  if (groups === undefined) {
    const days = daysAgo(typed);
    return days === undefined ? null : new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  }
  const { year, month = '1', day = '1' } = groups;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  return date.getMonth() === Number(month) - 1 && date.getDate() === Number(day) ? date : null;
}

const SIZE = /^(?<count>\d+(?:[.,]\d+)?)\s?(?<unit>[kmg]?)[ob]?$/iu;

/** `5Mo`, `300 ko`, `1,5 MB`: bytes; megabytes where no unit is named. Null for anything else. */
export function readSize(typed: string): number | null {
  const { count, unit = '' } = SIZE.exec(typed)?.groups ?? {};
  if (count === undefined) return null;
  const power = unit === '' ? (/[ob]$/iu.test(typed) ? 0 : 2) : 'kmg'.indexOf(unit.toLowerCase()) + 1;
  return Math.round(Number(count.replace(',', '.')) * 1024 ** power);
}
