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

/** `2026`, `2026-10`, `2026-10-31`, `31/10/2026`, `10/2026`: the first moment of it, or of what follows it, in local time. */
export function readDate(typed: string, end: boolean): Date | null {
  const match = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(typed);
  const french = /^(?:(\d{1,2})\/)?(\d{1,2})\/(\d{4})$/.exec(typed);
  const [year, month, day] = match !== null ? match.slice(1) : french !== null ? [french[3], french[2], french[1]] : [];
  if (year === undefined) return null;
  const monthNumber = month === undefined ? 1 : Number(month);
  const dayNumber = day === undefined ? 1 : Number(day);
  if (monthNumber < 1 || monthNumber > 12 || dayNumber < 1 || dayNumber > 31) return null;
  const date = new Date(Number(year), monthNumber - 1, dayNumber);
  if (!end) return date;
  if (month === undefined) date.setFullYear(date.getFullYear() + 1);
  else if (day === undefined) date.setMonth(date.getMonth() + 1);
  else date.setDate(date.getDate() + 1);
  return date;
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
    case 'before': {
      const date = readDate(value, false);
      return date === null ? null : { before: utc(date) };
    }
    case 'after': {
      const date = readDate(value, false);
      return date === null ? null : { after: utc(date) };
    }
    case 'attachment':
      return ANY_ATTACHMENT.has(value.toLowerCase()) ? { hasAttachment: true } : { hasAttachment: true, text: value };
    case 'is':
      return STATES[value.toLowerCase()] ?? null;
  }
}

/** `mot`, `"plusieurs mots"`, `de:durand`, `objet:"conseil de classe"`. */
const PIECE = /(?:(?<operator>[\p{L}]+)\s?:\s?)?(?:"(?<quoted>[^"]*)"?|«\s*(?<guillemets>[^»]*?)\s*»?|(?<bare>\S+))/gu;

/** Take a search apart. What isn't understood is searched for as text: nothing typed is dropped in silence. */
export function parseSearch(typed: string): Search {
  const words: string[] = [];
  const conditions: EmailCondition[] = [];
  for (const { 0: whole, groups } of typed.normalize('NFC').matchAll(PIECE)) {
    const value = groups?.['quoted'] ?? groups?.['guillemets'] ?? groups?.['bare'] ?? '';
    const name = groups?.['operator'];
    const operator = name === undefined ? undefined : OPERATORS[name.toLowerCase()];
    const understood = operator === undefined ? null : condition(operator, value);
    if (understood !== null) conditions.push(understood);
    else if (name === undefined) words.push(groups?.['quoted'] === undefined ? value : `"${value}"`);
    else words.push(whole);
  }
  return { words: words.filter((word) => word !== '' && word !== '""'), conditions };
}

/** The last word may be half typed: it also finds what begins so. Cyrus takes `*` at the end of a word. */
function asText(words: readonly string[], complete: boolean): readonly EmailCondition[] {
  return words.map((word, index) => {
    const open = !complete && index === words.length - 1 && /^[\p{L}\p{N}]{3,}$/u.test(word);
    return { text: open ? `${word}*` : word };
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
  const all = [...where, ...conditions, ...asText(words, /\s$/u.test(typed))];
  const only = all[0];
  return all.length === 1 && only !== undefined ? only : { operator: 'AND', conditions: all };
}
