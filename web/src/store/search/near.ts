/** What of a search can be found among the messages that are known here: shown while the server looks everywhere. */

import type { EmailRecord, Records } from '../lists/records.ts';
import type { Known } from '../sync/requests.ts';
import { ANY_ATTACHMENT, EVERYWHERE, namesPlace, STATES } from './search.ts';
import { fold, readDate, readTerms, type Term } from './search-terms.ts';
import type { EmailId, MailboxId } from '../types.ts';

/** More messages than this aren't looked through: it would be felt while typing. */
const LOOKED_AT = 2_000;
const SHOWN = 60;

export interface Place {
  readonly mailbox: MailboxId | null;
  /** Message by message. */
  readonly flat: boolean;
  readonly known: Known;
}

/** The words of a message that are at hand, folded, with a space before each. */
interface Texts {
  readonly people: string;
  readonly to: string;
  readonly subject: string;
  readonly preview: string;
}

function wordsOf(text: string): string {
  return ` ${fold(text).replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
}

const read = new WeakMap<EmailRecord, Texts>();

/** Read once for each message: every letter of a search looks through all of them. */
function textsOf(email: EmailRecord): Texts {
  const known = read.get(email);
  if (known !== undefined) return known;
  const names = (list: EmailRecord['from']) => wordsOf((list ?? []).map(({ name, email: address }) => `${name ?? ''} ${address}`).join(' '));
  const texts = { people: names(email.from), to: names(email.to), subject: wordsOf(email.subject ?? ''), preview: wordsOf(email.preview) };
  read.set(email, texts);
  return texts;
}

type Fits = (email: EmailRecord, texts: Texts) => boolean;
const never: Fits = () => false;

function isWhole({ value, quoted }: Term): boolean {
  return quoted || value.includes('@');
}

/** Whether all words of a value begin words of a text; the words of a quotation must follow each other. */
function beginning(term: Term): (text: string) => boolean {
  const words = wordsOf(term.value).trim();
  if (words === '') return () => false;
  const parts = isWhole(term) ? [` ${words} `] : words.split(' ').map((word) => ` ${word}`);
  return (text) => parts.every((part) => text.includes(part));
}

function anywhere(term: Term): Fits {
  if (isWhole(term)) {
    const begins = beginning(term);
    return (_, { people, to, subject, preview }) => [people, to, subject, preview].some(begins);
  }
  const words = wordsOf(term.value).trim().split(' ');
  if (words.includes('')) return never;
  // Two letters find the beginning of a name, and the word itself.
  const parts = words.map((word) => [` ${word}`, word.length > 2 ? ` ${word}` : ` ${word} `] as const);
  return (_, { people, to, subject, preview }) =>
    parts.every(([name, text]) => people.includes(name) || to.includes(name) || subject.includes(text) || preview.includes(text));
}

function inState(state: string): Fits {
  const { hasKeyword, notKeyword } = STATES[state] ?? {};
  if (hasKeyword !== undefined) return ({ keywords }) => keywords[hasKeyword] === true;
  return notKeyword === undefined ? never : ({ keywords }) => keywords[notKeyword] !== true;
}

function onSide(before: boolean, date: Date | null): Fits {
  if (date === null) return never;
  const moment = date.toISOString();
  return ({ receivedAt }) => (receivedAt < moment) === before;
}

/** What finds the messages that surely fit a term, made once for all of them; what isn't known here is no. */
function fitting(term: Term, known: Known): Fits {
  const value = fold(term.value);
  const begins = beginning(term);
  switch (term.operator) {
    case null:
      return anywhere(term);
    case 'from':
      return (_, { people }) => begins(people);
    case 'to':
      return (_, { to }) => begins(to);
    case 'subject':
      return (_, { subject }) => begins(subject);
    case 'body':
      return (_, { preview }) => begins(preview);
    case 'before':
    case 'after':
      return onSide(term.operator === 'before', readDate(term.value, known.now));
    case 'attachment':
      return ANY_ATTACHMENT.has(value) ? ({ keywords }) => keywords['$hasattachment'] === true : never;
    case 'in': {
      const folder = known.folder(term.value);
      if (EVERYWHERE.has(value)) return () => true;
      return folder === null ? never : ({ mailboxIds }) => mailboxIds[folder] === true;
    }
    case 'label': {
      const keyword = known.label(term.value);
      return keyword === null ? never : ({ keywords }) => keywords[keyword] === true;
    }
    case 'is':
      return inState(value);
    case 'cc':
    case 'larger':
    case 'smaller':
      return never;
  }
}

/** The newest messages that surely fit, one of each conversation. What must not be there can't be ruled out here. */
export function nearHits(records: Records, search: string, { mailbox, flat, known }: Place): readonly EmailId[] {
  const clauses = readTerms(search);
  if (clauses.length === 0 || clauses.some((clause) => clause.some(({ not }) => not))) return [];
  const hidden = new Set(known.hidden);
  const anyPlace = namesPlace(clauses);
  const lies = ({ mailboxIds }: EmailRecord): boolean => {
    if (anyPlace) return true;
    return mailbox === null ? (Object.keys(mailboxIds) as MailboxId[]).some((id) => !hidden.has(id)) : mailboxIds[mailbox] === true;
  };
  const wanted = clauses.map((clause) => clause.map((term) => fitting(term, known)));
  const found: EmailRecord[] = [];
  for (const id of [...records.ids()].slice(-LOOKED_AT)) {
    const email = records.email(id);
    if (email?.whole !== true || !lies(email)) continue;
    const texts = textsOf(email);
    if (wanted.every((clause) => clause.some((fits) => fits(email, texts)))) found.push(email);
  }
  const newest = new Map(found.sort((one, other) => (one.receivedAt < other.receivedAt ? -1 : 1)).map((email) => [flat ? email.id : email.threadId, email]));
  return [...newest.values()].sort((one, other) => (one.receivedAt > other.receivedAt ? -1 : 1)).slice(0, SHOWN).map(({ id }) => id);
}
