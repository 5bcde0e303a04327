import type { MailboxId } from '../../wire/ids.ts';
import type { EmailCondition, EmailFilter } from '../../wire/jmap-types.ts';
import { type Clause, fold, readDate, readSize, readTerms, type Term } from './search-terms.ts';
import { elisionsOf, spellings, unelided } from './spellings.ts';

const SEEN = '$seen';
/** By their names without accents. */
export const STATES: Readonly<Record<string, EmailCondition>> = {
  'non-lu': { notKeyword: SEEN }, 'non lu': { notKeyword: SEEN }, unread: { notKeyword: SEEN },
  lu: { hasKeyword: SEEN }, read: { hasKeyword: SEEN },
  suivi: { hasKeyword: '$flagged' }, starred: { hasKeyword: '$flagged' }, flagged: { hasKeyword: '$flagged' },
  repondu: { hasKeyword: '$answered' }, answered: { hasKeyword: '$answered' },
  transfere: { hasKeyword: '$forwarded' }, forwarded: { hasKeyword: '$forwarded' },
  brouillon: { hasKeyword: '$draft' }, draft: { hasKeyword: '$draft' },
};

export const ANY_ATTACHMENT = new Set(['', 'oui', '*', 'jointe', 'attachment', 'yes']);
const NO_ATTACHMENT = new Set(['non', 'no', 'sans', 'none']);
export const EVERYWHERE = new Set(['tout', 'partout', 'anywhere', 'all']);

/** Where one looks, and what the names mean that only this mailbox knows. */
export interface Scope {
  readonly mailbox: MailboxId | null;
  /** Left out when looking everywhere. */
  readonly without: readonly MailboxId[];
  readonly now: Date;
  /** Null where there is no such folder, no such label. */
  readonly folder: (name: string) => MailboxId | null;
  readonly label: (name: string) => string | null;
}

/** A search under way: where, and in how many ways each word may be written. */
interface Asked extends Scope {
  readonly most: number;
}

/** Several conditions as one; one alone as it is. */
function joined(operator: 'AND' | 'OR', conditions: readonly EmailFilter[]): EmailFilter {
  const only = conditions[0];
  return conditions.length === 1 && only !== undefined ? only : { operator, conditions };
}

type Place = 'text' | 'from' | 'to' | 'cc' | 'subject' | 'body' | 'attachmentName';
/** Names of people and files are known only as they are written; the words of a text without their accents too. */
const AS_WRITTEN: ReadonlySet<Place> = new Set<Place>(['from', 'to', 'cc', 'attachmentName']);
/** How many forms of each word are asked for, by the number of words: beyond some hundreds of combinations the engine refuses. */
const FORMS = [24, 24, 12, 5, 3, 2];
/** Of a word that may stand after an apostrophe, the likeliest ways to write it are also asked for there. */
const SPELLINGS = 12;

/** So short a beginning is that of half of all words: it finds people, and the word itself. */
function shortIn(place: Place, word: string, most: number): EmailFilter {
  const whole = { [place]: word };
  if (AS_WRITTEN.has(place)) return { [place]: `${word}*` };
  return place !== 'text' || most < 3 ? whole : { operator: 'OR', conditions: [whole, { from: `${word}*` }, { to: `${word}*` }] };
}

/** What begins so, in the likeliest ways to write it, by itself and after an apostrophe. */
function begunAs(word: string): readonly string[] {
  const ways = spellings(word, SPELLINGS);
  const after = (first: number, last: number) => ways.slice(0, 3).flatMap((way) => elisionsOf(way).slice(first, last));
  return [...ways.slice(0, 3), ...after(0, 2), ...ways.slice(3, 6), ...after(2, 4), ...ways.slice(6)].map((form) => `${form}*`);
}

/** A word, its beginnings included: as the engine's own search finds it, and in the likeliest ways to write its accents. */
function wordIn(place: Place, typed: string, most: number): EmailFilter {
  const word = unelided(typed);
  if (!/^[\p{L}\p{N}]{2,}(?:'[\p{L}\p{N}]+)*$|^[\p{L}\p{N}]'[\p{L}\p{N}]+$/u.test(word)) return { [place]: typed };
  if (word.length === 2 && word !== typed) return { [place]: typed };
  if (word.length === 2) return shortIn(place, word, most);
  const begun = begunAs(word);
  const [first = word, ...others] = begun;
  const [after, ...afters] = elisionsOf(word);
  // Of whole words of a text the engine knows the plural, and all accents.
  const forms = AS_WRITTEN.has(place) ? begun : [word, ...(after === undefined ? [] : [after]), first, ...afters.slice(0, 1), ...others];
  return joined('OR', forms.slice(0, most).map((form) => ({ [place]: form })));
}

/** The words of a value; of one with hyphens each part, for the engine knows beginnings and accents of single words alone. */
function wordsOf(value: string): readonly string[] {
  return value.split(/\s+/u).flatMap((word) => {
    const parts = word.split('-').filter((part) => part.length > 1);
    return parts.length > 1 && parts.every((part) => /^[\p{L}'’]+$/u.test(part)) ? parts : [word];
  });
}

function wordsIn(place: Place, { value, quoted }: Term, { most }: Asked): EmailFilter | null {
  if (value === '') return null;
  // An address is looked up whole.
  if (value.includes('@')) return { [place]: value };
  if (quoted && !AS_WRITTEN.has(place)) return { [place]: `"${value}"` };
  return joined('AND', wordsOf(value).map((word) => wordIn(place, word, most)));
}

function attachmentOf(term: Term, { most }: Asked): EmailFilter | null {
  const value = fold(term.value);
  if (ANY_ATTACHMENT.has(value)) return { hasAttachment: true };
  if (NO_ATTACHMENT.has(value)) return { hasAttachment: false };
  // Letters, figures and underscores make a word for the engine; dots and hyphens part them.
  const words = term.value.split(/[^\p{L}\p{N}_]+/u).filter((word) => word !== '');
  return words.length === 0 ? null : joined('AND', words.map((word) => wordIn('attachmentName', word, most)));
}

function stateOf({ value }: Term): EmailFilter | null {
  return STATES[fold(value)] ?? null;
}

function placeOf({ value }: Term, scope: Asked): EmailFilter | null {
  // Anywhere is no condition: every message has a size.
  if (EVERYWHERE.has(fold(value))) return { minSize: 0 };
  const mailbox = scope.folder(value);
  return mailbox === null ? null : { inMailbox: mailbox };
}

function labelOf({ value }: Term, scope: Asked): EmailFilter | null {
  const keyword = scope.label(value);
  return keyword === null ? null : { hasKeyword: keyword };
}

function dated(name: 'before' | 'after', { value }: Term, { now }: Asked): EmailFilter | null {
  const date = readDate(value, now);
  return date === null ? null : { [name]: `${date.toISOString().slice(0, 19)}Z` };
}

function sized(name: 'minSize' | 'maxSize', { value }: Term): EmailFilter | null {
  const bytes = readSize(value);
  return bytes === null ? null : { [name]: bytes };
}

type Reading = (term: Term, asked: Asked) => EmailFilter | null;

const READINGS: Readonly<Record<NonNullable<Term['operator']>, Reading>> = {
  from: (term, asked) => wordsIn('from', term, asked),
  to: (term, asked) => wordsIn('to', term, asked),
  cc: (term, asked) => wordsIn('cc', term, asked),
  subject: (term, asked) => wordsIn('subject', term, asked),
  body: (term, asked) => wordsIn('body', term, asked),
  before: (term, scope) => dated('before', term, scope),
  after: (term, scope) => dated('after', term, scope),
  attachment: attachmentOf,
  in: placeOf,
  label: labelOf,
  is: stateOf,
  larger: (term) => sized('minSize', term),
  smaller: (term) => sized('maxSize', term),
};

/** What a term asks of the engine; one that isn't understood is looked for as it stands. */
function conditionOf(term: Term, scope: Asked): EmailFilter {
  const read = term.operator === null ? null : READINGS[term.operator](term, scope);
  const found = read ?? wordsIn('text', { ...term, value: term.value === '' ? (term.operator ?? '') : term.value }, scope) ?? { text: term.value };
  return term.not ? { operator: 'NOT', conditions: [found] } : found;
}

/** It names folders itself: what is usually left out isn't. */
export function namesPlace(clauses: readonly Clause[]): boolean {
  return clauses.some((clause) => clause.some(({ operator, not }) => operator === 'in' && !not));
}

function whereOf(clauses: readonly Clause[], scope: Scope): readonly EmailCondition[] {
  if (namesPlace(clauses)) return [];
  if (scope.mailbox !== null) return [{ inMailbox: scope.mailbox }];
  return scope.without.length > 0 ? [{ inMailboxOtherThan: scope.without }] : [];
}

export function searchFilter(typed: string, scope: Scope): EmailFilter {
  const clauses = readTerms(typed);
  const words = clauses.flat().reduce((sum, { value, quoted }) => sum + (quoted ? 1 : wordsOf(value).length), 0);
  const asked = { ...scope, most: FORMS[words] ?? 1 };
  const conditions = clauses.map((clause) => joined('OR', clause.map((term) => conditionOf(term, asked))));
  return joined('AND', [...whereOf(clauses, scope), ...conditions]);
}

/** What is looked for by its words, to be shown where it is found: folded, each a word or the beginning of one. */
export function wordsSought(typed: string): readonly string[] {
  const inText = new Set([null, 'subject', 'body', 'from', 'to', 'cc']);
  const terms = readTerms(typed).flat().filter(({ operator, not }) => !not && inText.has(operator));
  const words = terms.flatMap(({ value, quoted }) => (quoted ? [value] : value.split(/\s+/u).map(unelided)));
  return [...new Set(words.map((word) => fold(word).replaceAll(/[*"]/g, '')).filter((word) => word.length >= 2))];
}
