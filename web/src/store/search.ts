import type { MailboxId } from '../wire/ids.ts';
import type { EmailCondition, EmailFilter } from '../wire/jmap-types.ts';

/** A search as one types it, taken apart. */
export interface Search {
  readonly words: readonly string[];
  readonly conditions: readonly EmailCondition[];
}

type Operator = 'from' | 'to' | 'subject' | 'body' | 'before' | 'after' | 'attachment' | 'is';

const OPERATORS: Readonly<Record<string, Operator>> = {
  de: 'from', from: 'from',
  à: 'to', a: 'to', to: 'to',
  objet: 'subject', sujet: 'subject', subject: 'subject',
  texte: 'body', corps: 'body', body: 'body',
  avant: 'before', before: 'before',
  après: 'after', apres: 'after', after: 'after',
  pièce: 'attachment', piece: 'attachment', pj: 'attachment', has: 'attachment', attachment: 'attachment',
  est: 'is', is: 'is',
};

const STATES: Readonly<Record<string, EmailCondition>> = {
  'non-lu': { notKeyword: '$seen' }, 'non lu': { notKeyword: '$seen' }, unread: { notKeyword: '$seen' },
  lu: { hasKeyword: '$seen' }, read: { hasKeyword: '$seen' },
  suivi: { hasKeyword: '$flagged' }, starred: { hasKeyword: '$flagged' },
  répondu: { hasKeyword: '$answered' }, answered: { hasKeyword: '$answered' },
};

const ANY_ATTACHMENT = new Set(['', 'oui', '*', 'jointe', 'attachment', 'yes']);

const ISO_DATE = /^(?<year>\d{4})(?:-(?<month>\d{1,2})(?:-(?<day>\d{1,2}))?)?$/;
const FRENCH_DATE = /^(?:(?<day>\d{1,2})\/)?(?<month>\d{1,2})\/(?<year>\d{4})$/;

/** `2026`, `2026-10`, `2026-10-31`, `31/10/2026`, `10/2026`: its first moment, in local time. Null for anything else. */
export function readDate(typed: string): Date | null {
  const groups = (ISO_DATE.exec(typed) ?? FRENCH_DATE.exec(typed))?.groups;
  if (groups === undefined) return null;
  const { year, month = '1', day = '1' } = groups;
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  return date.getMonth() === Number(month) - 1 && date.getDate() === Number(day) ? date : null;
}

function utc(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function condition(operator: Operator, value: string): EmailCondition | null {
  switch (operator) {
    case 'from':
    case 'to':
    case 'subject':
    case 'body':
      return value === '' ? null : { [operator]: value };
    case 'before':
    case 'after': {
      const date = readDate(value);
      return date === null ? null : { [operator]: utc(date) };
    }
    case 'attachment':
      return ANY_ATTACHMENT.has(value.toLowerCase()) ? { hasAttachment: true } : { hasAttachment: true, text: value };
    case 'is':
      return STATES[value.toLowerCase()] ?? null;
  }
}

/** `mot`, `"plusieurs mots"`, `de:durand`, `objet:"conseil de classe"`. */
const PIECE = /(?:(?<operator>[\p{L}]+)\s?:\s?)?(?:"(?<quoted>[^"]*)"?|«(?<guillemets>[^»]*)»?|(?<bare>\S+))/gu;

/** Take a search apart. What isn't understood is searched for as text: nothing typed is dropped in silence. */
export function parseSearch(typed: string): Search {
  const words: string[] = [];
  const conditions: EmailCondition[] = [];
  for (const match of typed.normalize('NFC').matchAll(PIECE)) {
    const piece = readPiece(match[0], match.groups ?? {});
    if (typeof piece !== 'string') conditions.push(piece);
    else if (piece !== '' && piece !== '""') words.push(piece);
  }
  return { words, conditions };
}

function readPiece(whole: string, groups: Readonly<Partial<Record<string, string>>>): string | EmailCondition {
  const { operator: name, quoted, guillemets, bare } = groups;
  const value = (quoted ?? guillemets ?? bare ?? '').trim();
  if (name === undefined) return quoted === undefined && guillemets === undefined ? value : `"${value}"`;
  const operator = OPERATORS[name.toLowerCase()];
  return (operator === undefined ? null : condition(operator, value)) ?? whole;
}

/**
 * The last word may be half typed: it also finds what begins so. Cyrus takes `*` at the end of a word, but then wants its
 * accents as they are written; the plain word finds it whatever its accents.
 */
function asText(words: readonly string[], complete: boolean): readonly EmailFilter[] {
  return words.map((word, index) => {
    const open = !complete && index === words.length - 1 && /^[\p{L}\p{N}]{3,}$/u.test(word);
    return open ? { operator: 'OR', conditions: [{ text: word }, { text: `${word}*` }] } : { text: word };
  });
}

export interface Scope {
  readonly mailbox: MailboxId | null;
  /** Left out when looking everywhere. */
  readonly without: readonly MailboxId[];
}

export function searchFilter(typed: string, scope: Scope): EmailFilter {
  const { words, conditions } = parseSearch(typed);
  const where: EmailCondition[] =
    scope.mailbox !== null
      ? [{ inMailbox: scope.mailbox }]
      : scope.without.length > 0
        ? [{ inMailboxOtherThan: scope.without }]
        : [];
  const all: EmailFilter[] = [...where, ...conditions, ...asText(words, /\s$/u.test(typed))];
  const only = all[0];
  return all.length === 1 && only !== undefined ? only : { operator: 'AND', conditions: all };
}
