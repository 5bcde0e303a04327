import { type Answers, Batch, type Call } from '../../wire/batch.ts';
import type { EmailId, MailboxId, ThreadId } from '../../wire/ids.ts';
import type { RawHead } from '../../wire/jmap-types.ts';
import type { AccountMail } from '../account.ts';
import { addEmailChanges, addMailboxChanges, addMailboxes, FLAGS, PINNED } from './requests.ts';

/** After so many rounds of `/changes` a fresh start is cheaper. */
const ROUNDS_AT_MOST = 8;

type MailboxCalls = ReturnType<typeof addMailboxChanges>;
type EmailCalls = ReturnType<typeof addEmailChanges>;

/** Take in what `/changes` told about folders. False when the server couldn't tell. */
export function takeMailboxChanges(mail: AccountMail, answers: Answers, calls: MailboxCalls): boolean {
  if (answers.failure(calls.changes) !== null) return false;
  const changes = answers.of(calls.changes);
  const { mailboxes } = mail.records;
  for (const mailbox of answers.of(calls.created).list) mailboxes.set(mailbox.id, mailbox);
  if (changes.updated.length > 0) {
    // Only the counts come when nothing else changed (RFC 8621 §2.2).
    for (const part of answers.of(calls.updated).list) {
      const known = mailboxes.get(part.id);
      mailboxes.set(part.id, known === undefined ? part : { ...known, ...part });
    }
  }
  for (const id of changes.destroyed) mailboxes.delete(id);
  mail.mailboxState = changes.newState;
  return true;
}

/** Ask what has changed since the last answer and follow it, in the account's lane. Throws WireError. */
export async function sync(mail: AccountMail): Promise<void> {
  for (let round = 0; round < ROUNDS_AT_MOST; round += 1) {
    if (!(await syncRound(mail))) return;
  }
  await restart(mail);
}

/** One round; true when there is more. */
async function syncRound(mail: AccountMail): Promise<boolean> {
  if (mail.mailboxState === null) {
    await restart(mail);
    return false;
  }
  const batch = new Batch();
  const folders = addMailboxChanges(batch, mail.id, mail.mailboxState);
  const emails = mail.emailState === null ? null : addEmailChanges(batch, mail.id, mail.emailState);
  const answers = await mail.around.jmap.send(batch, { background: true });
  // Cyrus can't tell what has changed once a folder was deleted; their list is short.
  if (!takeMailboxChanges(mail, answers, folders)) await askMailboxes(mail);
  if (emails !== null && !(await takeEmailChanges(mail, answers, emails))) {
    await restart(mail);
    return false;
  }
  mail.lists.recount();
  mail.around.changed();
  return emails !== null && answers.of(emails.changes).hasMoreChanges;
}

async function askMailboxes(mail: AccountMail): Promise<void> {
  const batch = new Batch();
  const call = addMailboxes(batch, mail.id);
  mail.takeMailboxes((await mail.around.jmap.send(batch, { background: true })).of(call));
}

async function takeEmailChanges(mail: AccountMail, answers: Answers, calls: EmailCalls): Promise<boolean> {
  if (answers.failure(calls.changes) !== null) return false;
  const changes = answers.of(calls.changes);
  const threads = new Set<ThreadId>();
  for (const head of resultOf(answers, calls.created, changes.created)) takeCreated(mail, head, threads);
  await takeUpdated(mail, resultOf(answers, calls.updated, changes.updated), threads);
  for (const id of changes.destroyed) {
    addThread(mail, id, threads);
    mail.records.remove(id);
  }
  await mail.complete([...threads].filter((thread) => isHead(mail, thread)), true);
  for (const thread of threads) mail.lists.follow(thread);
  if (changes.created.length + changes.updated.length + changes.destroyed.length > 0) mail.lists.doubt(false);
  mail.emailState = changes.newState;
  return true;
}

/** New flags and folders of messages that are known; one that isn't, but belongs into a list now, is fetched. */
async function takeUpdated(mail: AccountMail, updated: readonly RawHead[], threads: Set<ThreadId>): Promise<void> {
  const strangers: EmailId[] = [];
  for (const email of updated) {
    const known = mail.records.base(email.id);
    if (known !== undefined) {
      if (known.keywords[PINNED] !== email.keywords[PINNED]) mail.lists.repin(Object.keys(email.mailboxIds) as MailboxId[]);
      mail.records.touch({ ...known, keywords: email.keywords, mailboxIds: email.mailboxIds });
      threads.add(known.threadId);
    } else if (isListed(mail, email)) strangers.push(email.id);
  }
  if (strangers.length === 0) return;
  await mail.askEmails(strangers, true);
  for (const id of strangers) addThread(mail, id, threads);
}

function resultOf(answers: Answers, call: Call<'Email/get'>, ids: readonly EmailId[]): readonly RawHead[] {
  return ids.length === 0 ? [] : answers.of(call).list;
}

function addThread(mail: AccountMail, id: EmailId, threads: Set<ThreadId>): void {
  const email = mail.records.base(id);
  if (email !== undefined) threads.add(email.threadId);
}

function takeCreated(mail: AccountMail, head: RawHead, threads: Set<ThreadId>): void {
  const known = mail.records.threads.get(head.threadId);
  if (known !== undefined && !known.includes(head.id)) mail.records.threads.set(head.threadId, [...known, head.id]);
  mail.records.touch({ ...head, whole: true, touched: 0 });
  threads.add(head.threadId);
}

/** Whether a message that isn't known here belongs into a list that is. */
function isListed(mail: AccountMail, email: Pick<RawHead, 'mailboxIds' | 'keywords'>): boolean {
  for (const { spec } of mail.lists.all()) {
    if (spec.mailbox !== null && email.mailboxIds[spec.mailbox] === true) return true;
    if (spec.keyword !== undefined && email.keywords[spec.keyword] === true) return true;
  }
  return false;
}

/** Whether a conversation stands in a list, so that its other messages may have to take the place of one that left. */
function isHead(mail: AccountMail, thread: ThreadId): boolean {
  for (const list of mail.lists.all()) if (list.heads.has(thread)) return true;
  return false;
}

/** As many as one `Email/get` takes on any server. */
const KEPT_AT_MOST = 400;

/**
 * Begin anew: the server no longer knows what has changed since (Cyrus after a folder was deleted), or it is too much.
 * What is on the screen stays there while its flags and its place are asked for again; all else is forgotten.
 */
export async function restart(mail: AccountMail): Promise<void> {
  const kept = mail.onScreen().slice(0, KEPT_AT_MOST);
  const batch = new Batch();
  const mailboxes = addMailboxes(batch, mail.id);
  const flags = batch.add('Email/get', { accountId: mail.id, ids: kept, properties: FLAGS });
  const answers = await mail.around.jmap.send(batch, { background: true });
  mail.takeMailboxes(answers.of(mailboxes));
  const { list, state } = answers.of(flags);
  mail.records.keepOnly(new Set(list.map(({ id }) => id)));
  const threads = new Set<ThreadId>();
  await takeUpdated(mail, list, threads);
  mail.lists.renew();
  mail.emailState = state;
  mail.around.changed();
}
