/** What of a search can be found among the messages that are known here: shown while the server looks everywhere. */

import type { EmailRecord, Records } from './records.ts';
import type { Known } from './requests.ts';
import { ANY_ATTACHMENT, EVERYWHERE, namesPlace, STATES } from './search.ts';
import { fold, readDate, readTerms, type Term } from './search-terms.ts';
import type { EmailId, MailboxId } from './types.ts';

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

function textsOf({ from, to, subject, preview }: EmailRecord): Texts {
  const names = (list: EmailRecord['from']) => wordsOf((list ?? []).map(({ name, email }) => `${name ?? ''} ${email}`).join(' '));
  return { people: names(from), to: names(to), subject: wordsOf(subject ?? ''), preview: wordsOf(preview) };
}

/** Whether all words of a value begin words of a text; the words of a quotation must follow each other. */
function begins(text: string, { value, quoted }: Term): boolean {
  const words = wordsOf(value).trim();
  if (words === '') return false;
  if (quoted || value.includes('@')) return text.includes(` ${words} `);
  return words.split(' ').every((word) => text.includes(` ${word}`));
}

function anywhere({ people, to, subject, preview }: Texts, term: Term): boolean {
  if (term.quoted || term.value.includes('@')) return [people, to, subject, preview].some((text) => begins(text, term));
  // Two letters find the beginning of a name, and the word itself.
  const words = wordsOf(term.value).trim().split(' ');
  const rest = `${subject}|${preview}`;
  return words.every((word) => word !== '' && (`${people}|${to}`.includes(` ${word}`) || rest.includes(word.length > 2 ? ` ${word}` : ` ${word} `)));
}

/** Whether a message surely fits a term; what isn't known here is no. */
function fits(email: EmailRecord, texts: Texts, term: Term, known: Known): boolean {
  const value = fold(term.value);
  switch (term.operator) {
    case null:
      return anywhere(texts, term);
    case 'from':
      return begins(texts.people, term);
    case 'to':
      return begins(texts.to, term);
    case 'subject':
      return begins(texts.subject, term);
    case 'body':
      return begins(texts.preview, term);
    case 'before':
    case 'after': {
      const date = readDate(term.value, known.now);
      return date !== null && (email.receivedAt < date.toISOString()) === (term.operator === 'before');
    }
    case 'attachment':
      return ANY_ATTACHMENT.has(value) && email.keywords['$hasattachment'] === true;
    case 'in': {
      const folder = known.folder(term.value);
      return EVERYWHERE.has(value) || (folder !== null && email.mailboxIds[folder] === true);
    }
    case 'label': {
      const keyword = known.label(term.value);
      return keyword !== null && email.keywords[keyword] === true;
    }
    case 'is': {
      const { hasKeyword, notKeyword } = STATES[value] ?? {};
      if (hasKeyword !== undefined) return email.keywords[hasKeyword] === true;
      return notKeyword !== undefined && email.keywords[notKeyword] !== true;
    }
    case 'cc':
    case 'larger':
    case 'smaller':
      return false;
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
  const found: EmailRecord[] = [];
  for (const id of [...records.ids()].slice(-LOOKED_AT)) {
    const email = records.email(id);
    if (email?.whole !== true || !lies(email)) continue;
    const texts = textsOf(email);
    if (clauses.every((clause) => clause.some((term) => fits(email, texts, term, known)))) found.push(email);
  }
  const newest = new Map(found.sort((one, other) => (one.receivedAt < other.receivedAt ? -1 : 1)).map((email) => [flat ? email.id : email.threadId, email]));
  return [...newest.values()].sort((one, other) => (one.receivedAt > other.receivedAt ? -1 : 1)).slice(0, SHOWN).map(({ id }) => id);
}
