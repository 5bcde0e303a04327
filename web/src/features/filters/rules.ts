import { fold } from '../../store/search/search-terms.ts';
import { spellings } from '../../store/search/spellings.ts';
import type { EmailId, MailboxId } from '../../wire/ids.ts';
import type { EmailFilter } from '../../wire/jmap-types.ts';

export type Field = 'from' | 'to' | 'list' | 'subject' | 'text' | 'size' | 'attachment';
export type How = 'words' | 'is' | 'domain' | 'over' | 'under' | 'has';

export interface Condition {
  readonly field: Field;
  readonly how: How;
  readonly value: string;
  readonly negated: boolean;
}

export interface Actions {
  readonly labels: readonly string[];
  readonly markRead: boolean;
  readonly star: boolean;
  readonly important: boolean;
  readonly reply: string | null;
  readonly redirect: readonly string[];
  readonly keepCopy: boolean;
  readonly folder: { readonly id: string; readonly name: string } | null;
  readonly stop: boolean;
}

export interface Rule {
  readonly kind: 'rule';
  readonly id: string;
  readonly name: string;
  readonly on: boolean;
  readonly match: 'all' | 'any' | 'every';
  readonly conditions: readonly Condition[];
  readonly actions: Actions;
}

/** What other programs wrote: into our script, or as one of their own. */
export type Item = Rule | { readonly kind: 'foreign'; readonly text: string } | { readonly kind: 'script'; readonly name: string };

export interface Absence {
  readonly on: boolean;
  readonly start: string | null;
  readonly end: string | null;
  readonly subject: string;
  readonly inside: string;
  readonly outside: string | null;
  readonly answerOutside: boolean;
  readonly standIn: { readonly name: string; readonly email: string; readonly passOn: boolean } | null;
}

export interface Redirects {
  readonly scope: 'none' | 'academy' | 'verified' | 'anywhere';
  readonly most: number;
  readonly domains: readonly string[];
  readonly addresses: readonly { readonly address: string; readonly verified: boolean }[];
}

/** All that runs for the mailbox, as `/api/filters` tells it. */
export interface Filters {
  readonly state: string;
  readonly items: readonly Item[];
  readonly absence: Absence;
  readonly script: string;
  readonly active: boolean;
  /** `name` is what the store knows it by, `title` what people read. */
  readonly others: readonly { readonly name: string; readonly title: string; readonly active: boolean; readonly text: string }[];
  readonly redirects: Redirects;
}

/** Which ways of comparing go with which part of a message. */
export const HOWS: Readonly<Record<Field, readonly How[]>> = {
  from: ['words', 'is', 'domain'],
  to: ['words', 'is', 'domain'],
  list: ['is'],
  subject: ['words'],
  text: ['words'],
  size: ['over', 'under'],
  attachment: ['has'],
};

export const NO_ACTIONS: Actions = {
  labels: [], markRead: false, star: false, important: false, reply: null, redirect: [], keepCopy: true, folder: null, stop: true,
};

export function newRule(id: string, conditions: readonly Condition[], name = ''): Rule {
  return { kind: 'rule', id, name, on: true, match: 'all', conditions, actions: NO_ACTIONS };
}

/** A condition for the same kind of message: its list, else its sender. */
export function conditionFor(listId: string | null, from: string): Condition {
  const list = listId === null ? null : (/<([^<>]+)>\s*$/u.exec(listId)?.[1] ?? listId.trim());
  return list === null ? { field: 'from', how: 'is', value: from, negated: false } : { field: 'list', how: 'is', value: list, negated: false };
}

/** What a mail of this condition looks like for the search: the same words, the same way. */
function filterOf({ field, how, value, negated }: Condition, most: number): EmailFilter {
  const found = plainFilter(field, how, value.trim(), most);
  return negated ? { operator: 'NOT', conditions: [found] } : found;
}

const ELISIONS = ["l'", "d'", "qu'", "s'", "n'", "j'"];
/** How many forms of each word, by the number of words: the engine refuses some hundreds of combinations. */
const FORMS = [1, 24, 12, 5, 3, 2, 2];

/** A word after an apostrophe is another one for the engine. */
function elided(word: string): readonly string[] {
  return /^[aeiouyhœæ]/u.test(fold(word)) ? ELISIONS.map((elision) => `${elision}${word}`) : [];
}

/** As `casier.mailbox.filters.sieve` writes it: what is counted here is what the rule will take. */
function wordsIn(place: 'from' | 'to' | 'cc' | 'subject' | 'text', value: string, most: number): EmailFilter {
  const words = value.split(/\s+/u);
  const isText = place === 'subject' || place === 'text';
  const each = words.map((word) => (isText ? [word, ...elided(word)].slice(0, most) : spellings(word, most)));
  if (value.includes('"') || each.every(({ length }) => length === 1)) return { [place]: value };
  const conditions = each.map((forms): EmailFilter => ({ operator: 'OR', conditions: forms.map((form) => ({ [place]: form })) }));
  return { operator: 'AND', conditions };
}

function plainFilter(field: Field, how: How, given: string, most: number): EmailFilter {
  // An address begins so: neither a domain below nor one that only begins with the same letters.
  const value = how === 'domain' ? `@${given.replace(/^@/u, '')}` : given;
  const asked = (place: 'from' | 'to' | 'cc' | 'subject' | 'text', whole: string): EmailFilter => (how === 'words' ? wordsIn(place, whole, most) : { [place]: whole });
  switch (field) {
    case 'from':
    case 'subject':
    case 'text':
      return asked(field, value);
    case 'to':
      return { operator: 'OR', conditions: [asked('to', value), asked('cc', value)] };
    case 'list':
      return { header: ['List-Id', value] } as EmailFilter;
    case 'attachment':
      return { hasAttachment: true };
    case 'size':
      return (how === 'over' ? { minSize: Number(value) * 1024 + 1 } : { maxSize: Number(value) * 1024 });
  }
}

/** The mail that a rule would have taken, of one folder. */
export function queryOf(rule: Rule, mailbox: MailboxId): EmailFilter {
  const there: EmailFilter = { inMailbox: mailbox };
  if (rule.match === 'every') return there;
  // Sieve asks for one condition after the other, the search for all at once: there their words share what the engine takes.
  const count = (some: readonly Condition[]): number => some.reduce((sum, { how, value }) => sum + (how === 'words' ? value.trim().split(/\s+/u).length : 0), 0);
  const conditions = rule.conditions.map((each) => filterOf(each, FORMS[count(rule.match === 'all' ? rule.conditions : [each])] ?? 1));
  return { operator: 'AND', conditions: [there, { operator: rule.match === 'all' ? 'AND' : 'OR', conditions }] };
}

export interface Placed {
  readonly id: EmailId;
  readonly mailboxIds: Readonly<Record<string, boolean>>;
  readonly keywords: Readonly<Record<string, boolean>>;
}

type Patches = Readonly<Record<EmailId, Readonly<Record<string, unknown>>>>;

/** What a rule's actions change, and how each message was before. Nothing is sent: answers and redirects are for what arrives. */
export function changesFor(actions: Actions, emails: readonly Placed[]): { readonly there: Patches; readonly back: Patches } {
  const there: Record<EmailId, Record<string, unknown>> = {};
  const back: Record<EmailId, Record<string, unknown>> = {};
  const flags = flagsOf(actions);
  for (const { id, mailboxIds, keywords } of emails) {
    there[id] = Object.fromEntries(flags.map((flag) => [`keywords/${flag}`, true]));
    back[id] = Object.fromEntries(flags.map((flag) => [`keywords/${flag}`, keywords[flag] === true ? true : null]));
    if (actions.folder !== null) {
      there[id]['mailboxIds'] = { [actions.folder.id]: true };
      back[id]['mailboxIds'] = mailboxIds;
    }
  }
  return { there, back };
}

function flagsOf(actions: Actions): readonly string[] {
  const flags = [actions.markRead && '$seen', actions.star && '$flagged', actions.important && '$important', ...actions.labels];
  return flags.filter((flag): flag is string => flag !== false).map((flag) => flag.toLowerCase());
}

/** Whether a rule does something to mail that is already here. */
export function changesMail(actions: Actions): boolean {
  return actions.folder !== null || flagsOf(actions).length > 0;
}

/** The parts of a rule that say nothing yet. */
export function isComplete(rule: Rule): boolean {
  const { actions } = rule;
  const does = changesMail(actions) || actions.redirect.length > 0 || actions.stop || actions.reply !== null;
  const says = rule.match === 'every' || (rule.conditions.length > 0 && rule.conditions.every(isSaid));
  return does && says && actions.reply?.trim() !== '' && !actions.redirect.includes('');
}

function isSaid({ field, value }: Condition): boolean {
  if (field === 'attachment') return true;
  return field === 'size' ? /^\d{1,7}$/u.test(value.trim()) : value.trim() !== '';
}
