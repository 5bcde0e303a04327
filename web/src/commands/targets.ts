import type { AccountMail } from '../store/account.ts';
import { aloneEmail, aloneThread } from '../store/sync/alone.ts';
import type { NewChange, Rest } from '../store/sync/changes.ts';
import type { MailStore } from '../store/mail.ts';
import { inversePatch, type Patch } from '../store/sync/patch.ts';
import type { EmailRecord } from '../store/lists/records.ts';
import type { AccountId, ConversationRef, EmailId, MailboxId, ThreadId } from '../store/types.ts';
import type { Place } from './rules.ts';
import type { Targets } from './types.ts';

/** What the commands without a target act on. */
export function currentTargets(store: MailStore): Targets | null {
  const { list, selection, open, cursor } = store.view();
  if (list !== null && selection.size > 0) {
    return { kind: 'conversations', conversations: [...selection].map((thread) => ({ account: list.account, thread })) };
  }
  if (open !== null) return { kind: 'conversations', conversations: [open] };
  const row = list === null ? undefined : store.list(list).row(cursor);
  return row === undefined ? null : { kind: 'conversations', conversations: [{ account: row.account, thread: row.thread }] };
}

export function accountOf(targets: Targets): AccountId | null {
  return targets.kind === 'messages' ? targets.account : (targets.conversations[0]?.account ?? null);
}

/** A rule that says what a command does to a message; null leaves it as it is. */
export interface Rule {
  readonly patch: (email: EmailRecord) => Patch | null;
  /** The same for messages that aren't known yet: only those in `from`; null when those may be left alone. */
  readonly rest: Omit<Rest, 'threads'> | null;
}

export interface Plan {
  readonly change: NewChange;
  readonly inverse: NewChange;
  /** Conversations or messages, as the person counts them. */
  readonly count: number;
}

function emailsOf(mail: AccountMail, targets: Targets): readonly EmailRecord[] {
  const ids = targets.kind === 'messages' ? targets.emails : targets.conversations.flatMap(({ thread }) => mail.records.of(thread));
  return ids.flatMap((id) => mail.records.email(id) ?? []);
}

function unknownThreads(mail: AccountMail, targets: Targets): readonly ThreadId[] {
  if (targets.kind === 'messages') return [];
  return targets.conversations.map(({ thread }) => thread).filter((thread) => !mail.records.complete(thread));
}

function swap({ keywords, mailboxIds, snoozed }: Patch): Patch {
  const not = (flags: Readonly<Record<string, boolean>> | undefined) =>
    Object.fromEntries(Object.entries(flags ?? {}).map(([key, on]) => [key, !on]));
  return { keywords: not(keywords), mailboxIds: not(mailboxIds), ...(snoozed === undefined ? {} : { snoozed: null }) };
}

/** Where a message that was moved unseen is now, so that taking it back finds it. */
function arrivedIn(patch: Patch): MailboxId | null {
  return (Object.entries(patch.mailboxIds ?? {}) as [MailboxId, boolean][]).find(([, on]) => on)?.[0] ?? null;
}

function countsMessages(targets: Targets): boolean {
  return targets.kind === 'messages' || targets.conversations.some(({ thread }) => aloneEmail(thread) !== null);
}

/** Work out a change and the change that takes it back, from what the messages are now. Null when nothing would change. */
export function plan(mail: AccountMail, targets: Targets, rule: Rule): Plan | null {
  const patches: Partial<Record<EmailId, Patch>> = {};
  const back: Partial<Record<EmailId, Patch>> = {};
  const touched = new Set<string>();
  const single = countsMessages(targets);
  for (const email of emailsOf(mail, targets)) {
    const patch = rule.patch(email);
    if (patch === null) continue;
    patches[email.id] = patch;
    back[email.id] = inversePatch(email, patch);
    touched.add(single ? email.id : email.threadId);
  }
  const threads = rule.rest === null ? [] : unknownThreads(mail, targets);
  for (const thread of threads) touched.add(thread);
  if (touched.size === 0) return null;
  const rest = rule.rest === null || threads.length === 0 ? null : { ...rule.rest, threads };
  const restBack = rest === null ? null : { threads, from: arrivedIn(rest.patch), patch: swap(rest.patch) };
  return {
    change: { kind: 'patch', account: mail.id, patches, rest },
    inverse: { kind: 'patch', account: mail.id, patches: back, rest: restBack },
    count: touched.size,
  };
}

/** The conversations that the targets belong to. */
export function conversationsOf(mail: AccountMail, targets: Targets): readonly ConversationRef[] {
  if (targets.kind === 'conversations') return targets.conversations;
  const threads = new Set(targets.emails.flatMap((id) => mail.records.base(id)?.threadId ?? []));
  return [...threads, ...targets.emails.map(aloneThread)].map((thread) => ({ account: targets.account, thread }));
}

/** Those of the conversations that the targets take away whole: of one that loses single messages the others stay open. */
export function takenWhole(mail: AccountMail, targets: Targets, place: Place): readonly ConversationRef[] {
  if (targets.kind === 'conversations') return targets.conversations;
  const { emails } = targets;
  const left = (thread: ThreadId) =>
    mail.records.of(thread).some((id) => !emails.includes(id) && (place.mailbox === null || mail.records.email(id)?.mailboxIds[place.mailbox] === true));
  return conversationsOf(mail, targets).filter(({ thread }) => !left(thread));
}
