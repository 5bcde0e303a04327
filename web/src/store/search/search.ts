import type { MailboxId } from '../../wire/ids.ts';
import type { EmailCondition, EmailFilter } from '../../wire/jmap-types.ts';
import { type Clause, fold, readDate, readSize, readTerms, type Term } from './search-terms.ts';
import { spellings } from './spellings.ts';

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
/** How many ways to write each word are asked for, by the number of words: beyond some hundreds of combinations the engine refuses. */
const SPELLINGS = [12, 12, 8, 5, 3, 2, 2, 2, 2];

/** So short a beginning is that of half of all words: it finds people, and the word itself. */
function shortIn(place: Place, word: string): EmailFilter {
  const whole = { [place]: word };
  if (place !== 'text') return AS_WRITTEN.has(place) ? { [place]: `${word}*` } : whole;
  return { operator: 'OR', conditions: [whole, { from: `${word}*` }, { to: `${word}*` }] };
}

/** A word, its beginnings included: as the engine's own search finds it, and in the likeliest ways to write its accents. */
function wordIn(place: Place, word: string, most: number): EmailFilter {
  if (!/^[\p{L}\p{N}]{2,}$/u.test(word)) return { [place]: word };
  if (word.length === 2) return shortIn(place, word);
  const begun = spellings(word, most).map((spelling) => ({ [place]: `${spelling}*` }));
  return joined('OR', AS_WRITTEN.has(place) ? begun : [{ [place]: word }, ...begun.slice(0, Math.max(0, most - 1))]);
}

function wordsIn(place: Place, { value, quoted }: Term, { most }: Asked): EmailFilter | null {
  if (value === '') return null;
  // An address is looked up whole.
  if (value.includes('@')) return { [place]: value };
  if (quoted && !AS_WRITTEN.has(place)) return { [place]: `"${value}"` };
  return joined('AND', value.split(/\s+/u).map((word) => wordIn(place, word, most)));
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
  const words = clauses.flat().reduce((sum, { value, quoted }) => sum + (quoted ? 1 : value.split(/\s+/u).length), 0);
  const asked = { ...scope, most: SPELLINGS[words] ?? 1 };
  const conditions = clauses.map((clause) => joined('OR', clause.map((term) => conditionOf(term, asked))));
  return joined('AND', [...whereOf(clauses, scope), ...conditions]);
}

/** What is looked for by its words, to be shown where it is found: folded, each a word or the beginning of one. */
export function wordsSought(typed: string): readonly string[] {
  const inText = new Set([null, 'subject', 'body', 'from', 'to', 'cc']);
  const terms = readTerms(typed).flat().filter(({ operator, not }) => !not && inText.has(operator));
  const words = terms.flatMap(({ value, quoted }) => (quoted ? [value] : value.split(/\s+/u)));
  return [...new Set(words.map((word) => fold(word).replaceAll(/[*"]/g, '')).filter((word) => word.length >= 2))];
}
