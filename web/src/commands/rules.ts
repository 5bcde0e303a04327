import type { AccountMail } from '../store/account.ts';
import type { RawRights } from '../wire/jmap-types.ts';
import type { Patch } from '../store/sync/patch.ts';
import type { EmailRecord } from '../store/lists/records.ts';
import type { MailboxId, MailboxRole, UndoOffer } from '../store/types.ts';
import type { Rule } from './targets.ts';
import type { Targets } from './types.ts';

/** Whether one may do this to messages in all of these folders: in a mailbox that is lent, perhaps not. */
export function may(mail: AccountMail, right: keyof RawRights, folders: readonly MailboxId[]): boolean {
  return folders.every((id) => mail.records.mailboxes.get(id)?.myRights[right] !== false);
}

function foldersOf(email: EmailRecord): readonly MailboxId[] {
  return Object.keys(email.mailboxIds) as MailboxId[];
}

/** What one is looking at: moving takes messages from there and leaves the others where they are. */
export interface Place {
  readonly mailbox: MailboxId | null;
  readonly role: MailboxRole | null;
}

/** What stays where it is when a conversation is moved out of a search: one's own part of it, and what was thrown away. */
const STAYS: ReadonlySet<string | null> = new Set(['sent', 'drafts', 'trash', 'junk']);

function movedFrom(mail: AccountMail, email: EmailRecord, place: Place, targets: Targets): readonly MailboxId[] {
  const all = foldersOf(email);
  if (targets.kind === 'messages') return all;
  if (place.mailbox !== null) return all.filter((id) => id === place.mailbox);
  return all.filter((id) => !STAYS.has(mail.records.mailboxes.get(id)?.role ?? null));
}

export function moveTo(mail: AccountMail, to: MailboxId, place: Place, targets: Targets, keywords: Patch['keywords'] = {}): Rule {
  const from = place.mailbox ?? mail.mailboxByRole('inbox')?.id ?? null;
  return {
    patch: (email) => {
      const leaving = movedFrom(mail, email, place, targets).filter((id) => id !== to);
      if (leaving.length === 0 || !may(mail, 'mayRemoveItems', leaving)) return null;
      return { keywords, mailboxIds: { ...Object.fromEntries(leaving.map((id) => [id, false])), [to]: true } };
    },
    rest: from === null || from === to || !may(mail, 'mayRemoveItems', [from]) ? null : { from, patch: { keywords, mailboxIds: { [from]: false, [to]: true } } },
  };
}

type Only = ((email: EmailRecord) => boolean) | null;

/**
 * Set or clear a flag: on the messages that `only` names, or on all of a conversation, unknown ones too. Who may only
 * read a mailbox changes no flag of it: what they read stays unread for those who answer.
 */
export function keyword(mail: AccountMail, name: string, on: boolean, only: Only = null): Rule {
  const patch: Patch = { keywords: { [name]: on } };
  const right = name === '$seen' ? 'maySetSeen' : 'maySetKeywords';
  const changes = (email: EmailRecord) => (email.keywords[name] === true) !== on && (only === null || only(email));
  const anywhere = [...mail.records.mailboxes.values()].some(({ myRights }) => myRights[right]);
  return {
    patch: (email) => (changes(email) && may(mail, right, foldersOf(email)) ? patch : null),
    rest: only === null && anywhere ? { from: null, patch } : null,
  };
}

/** Only the newest message of each conversation in the open list: the one that a row shows. */
export function newestOnly(mail: AccountMail, targets: Targets, place: Place): (email: EmailRecord) => boolean {
  if (targets.kind === 'messages') return (email) => targets.emails.includes(email.id);
  const newest = new Set(
    targets.conversations.flatMap(({ thread }) => {
      const emails = mail.records.of(thread).flatMap((id) => mail.records.email(id) ?? []);
      const here = emails.filter((email) => place.mailbox === null || email.mailboxIds[place.mailbox] === true);
      return (here.length > 0 ? here : emails).sort((one, other) => (one.receivedAt < other.receivedAt ? 1 : -1))[0]?.id ?? [];
    }),
  );
  return (email) => newest.has(email.id);
}

export type Changing = UndoOffer['command'];

/** What each command does to mail. Null when it makes no sense here (archiving what is in the archive). */
export function ruleFor(mail: AccountMail, command: Exclude<Changing, 'set-keyword'>, targets: Targets, place: Place, to: MailboxId | null): Rule | null {
  const moved = (role: MailboxRole, keywords?: Patch['keywords']): Rule | null => {
    const mailbox = mail.mailboxByRole(role);
    return mailbox === undefined || place.role === role || !may(mail, 'mayAddItems', [mailbox.id]) ? null : moveTo(mail, mailbox.id, place, targets, keywords);
  };
  switch (command) {
    case 'archive':
      return place.role === 'drafts' || place.role === 'sent' ? null : moved('archive');
    case 'delete':
      return moved('trash');
    case 'junk':
      return place.role === 'drafts' || place.role === 'sent' ? null : moved('junk', { $junk: true, $notjunk: false });
    case 'not-junk':
      return place.role === 'junk' ? moved('inbox', { $junk: false, $notjunk: true }) : null;
    case 'move':
      return to === null || to === place.mailbox ? null : moveTo(mail, to, place, targets);
    case 'mark-read':
      return keyword(mail, '$seen', true);
    case 'mark-unread':
      return keyword(mail, '$seen', false, newestOnly(mail, targets, place));
    case 'star':
      return keyword(mail, '$flagged', true, newestOnly(mail, targets, place));
    case 'unstar':
      return keyword(mail, '$flagged', false);
  }
}
