import { type Answers, Batch } from '../../wire/batch.ts';
import type { EmailId, MailboxId } from '../../wire/ids.ts';
import type { Methods, SetError, SetResult } from '../../wire/jmap-types.ts';
import { CYRUS_MAIL } from '../../wire/jmap.ts';
import { passes, type Problem, problemOf, problemOfJmap, WireError } from '../../wire/problems.ts';
import type { AccountMail } from '../account.ts';
import type { Change } from './changes.ts';
import { addCounts, countsAhead, lessCounts } from '../lists/counts.ts';
import { applyPatch, mergePatches, type Patch, patchPaths } from './patch.ts';
import { addMailboxChanges, PINNED } from './requests.ts';
import { takeMailboxChanges } from './sync.ts';

/** Where changes wait until the server has answered. */
export interface Waiting {
  changes(): readonly Change[];
  /** Null: it is done, or was refused. */
  replace(change: Change, by: Change | null): void;
  refused(change: Change, problem: Problem): void;
}

type PatchChange = Extract<Change, { kind: 'patch' }>;

/** Send one group of waiting changes. True when there may be more. Throws WireError when none could be sent for now. */
export async function flush(mail: AccountMail, waiting: Waiting, objectsAtOnce: number): Promise<boolean> {
  const [first] = waiting.changes();
  if (first === undefined) return false;
  try {
    switch (first.kind) {
      case 'patch':
        await sendPatches(mail, waiting, objectsAtOnce);
        break;
      case 'destroy':
        await sendDestroy(mail, waiting, first, objectsAtOnce);
        break;
      case 'create-folder':
      case 'rename-folder':
      case 'move-folder':
      case 'delete-folder':
        await sendFolder(mail, waiting, first);
        break;
    }
  } catch (caught) {
    const problem = problemOf(caught);
    if (passes(problem) || problem.kind === 'signed-out') throw caught;
    settle(mail, () => waiting.replace(first, null));
    waiting.refused(first, problem);
  }
  return waiting.changes().length > 0;
}

/** Take a change off without a jump: what it had counted ahead stays until the server's own figures come. */
function settle(mail: AccountMail, take: () => void): void {
  const threads = mail.records.pendingThreads();
  const before = countsAhead(mail.records, threads);
  take();
  const after = countsAhead(mail.records, threads);
  for (const [id, counts] of before) {
    const mailbox = mail.records.mailboxes.get(id);
    if (mailbox !== undefined) mail.records.mailboxes.set(id, addCounts(mailbox, lessCounts(counts, after.get(id))));
  }
  for (const thread of threads) mail.lists.follow(thread);
}

/** The leading patches of the queue: they travel together, since their order among themselves is kept by merging. */
function leadingPatches(changes: readonly Change[]): readonly PatchChange[] {
  const leading: PatchChange[] = [];
  for (const change of changes) {
    if (change.kind !== 'patch') break;
    leading.push(change);
  }
  return leading;
}

/** Look up the messages that weren't known when the change was made. */
async function resolveRest(mail: AccountMail, waiting: Waiting, change: PatchChange): Promise<PatchChange> {
  const { rest } = change;
  if (rest === null) return change;
  await mail.completeOrThrow(rest.threads);
  const patches: Record<EmailId, Patch> = { ...change.patches } as Record<EmailId, Patch>;
  for (const thread of rest.threads) {
    for (const id of mail.records.of(thread)) {
      const email = mail.records.base(id);
      if (email === undefined || patches[id] !== undefined) continue;
      if (rest.from === null || email.mailboxIds[rest.from] === true) patches[id] = rest.patch;
    }
  }
  const resolved: PatchChange = { ...change, patches, rest: null };
  waiting.replace(change, resolved);
  return resolved;
}

async function sendPatches(mail: AccountMail, waiting: Waiting, objectsAtOnce: number): Promise<void> {
  const group: PatchChange[] = [];
  for (const change of leadingPatches(waiting.changes())) group.push(await resolveRest(mail, waiting, change));
  const merged = new Map<EmailId, Patch>();
  for (const change of group) {
    for (const [id, patch] of Object.entries(change.patches) as [EmailId, Patch][]) {
      const earlier = merged.get(id);
      if (earlier !== undefined) merged.set(id, mergePatches(earlier, patch));
      else if (merged.size < objectsAtOnce) merged.set(id, patch);
    }
  }
  const update = Object.fromEntries([...merged].map(([id, patch]) => [id, patchPaths(patch)]));
  const { result, mailboxes } = merged.size === 0 ? { result: null, mailboxes: null } : await set(mail, { update });
  settle(mail, () => {
    for (const [id, patch] of merged) accept(mail, id, patch, result?.notUpdated?.[id]);
    for (const change of group) waiting.replace(change, without(change, merged));
  });
  mailboxes?.();
  report(waiting, group, result?.notUpdated ?? null);
}

function accept(mail: AccountMail, id: EmailId, patch: Patch, error: SetError | undefined): void {
  const email = mail.records.base(id);
  if (error?.type === 'notFound') mail.records.remove(id);
  else if (error === undefined && email !== undefined) {
    if (patch.keywords?.[PINNED] !== undefined) mail.lists.repin(Object.keys(email.mailboxIds) as MailboxId[]);
    mail.records.touch(applyPatch(email, patch));
  }
}

function without(change: PatchChange, sent: ReadonlyMap<EmailId, Patch>): PatchChange | null {
  const left = Object.entries(change.patches).filter(([id]) => !sent.has(id as EmailId));
  return left.length === 0 ? null : { ...change, patches: Object.fromEntries(left) };
}

/** One notice for each change that lost a message to a refusal; a message that is gone needs none. */
function report(waiting: Waiting, group: readonly Change[], errors: Readonly<Partial<Record<EmailId, SetError>>> | null): void {
  for (const change of group) {
    if (change.kind !== 'patch') continue;
    const error = (Object.keys(change.patches) as EmailId[]).map((id) => errors?.[id]).find((found) => found !== undefined && found.type !== 'notFound');
    if (error !== undefined) waiting.refused(change, problemOfJmap(error.type, error.description ?? null));
  }
}

/**
 * `Email/set` with the folders' new counts in the same request. `mailboxes` takes those in, once the change is settled.
 * Those of `among` that weren't there any more just before are `gone`: Cyrus destroys a message as often as it is asked.
 */
export async function set(mail: AccountMail, args: Omit<Methods['Email/set']['args'], 'accountId'>, among: readonly EmailId[] = []) {
  const batch = new Batch();
  const looked = among.length === 0 ? null : batch.add('Email/get', { accountId: mail.id, ids: among, properties: ['id'] });
  if (Object.values(args.update ?? {}).some((patch) => patch !== undefined && 'snoozed' in patch)) batch.using.push(CYRUS_MAIL);
  const call = batch.add('Email/set', { accountId: mail.id, ...args });
  const folders = mail.mailboxState === null ? null : addMailboxChanges(batch, mail.id, mail.mailboxState);
  const answers = await mail.around.jmap.send(batch, { background: true });
  const result = answers.of(call);
  if (mail.emailState !== null && result.oldState === mail.emailState) mail.emailState = result.newState;
  const gone = looked === null ? [] : answers.of(looked).notFound;
  return { result, gone, mailboxes: () => takeFolders(mail, answers, folders) };
}

function takeFolders(mail: AccountMail, answers: Answers, calls: ReturnType<typeof addMailboxChanges> | null): void {
  if (calls === null || !takeMailboxChanges(mail, answers, calls)) return;
  mail.lists.recount();
}

async function sendDestroy(mail: AccountMail, waiting: Waiting, change: Extract<Change, { kind: 'destroy' }>, objectsAtOnce: number): Promise<void> {
  const now = change.emails.slice(0, objectsAtOnce);
  const later = change.emails.slice(objectsAtOnce);
  const { result, mailboxes } = await set(mail, { destroy: now });
  const threads = new Set(now.flatMap((id) => mail.records.base(id)?.threadId ?? []));
  settle(mail, () => {
    for (const id of now) {
      const error = result.notDestroyed?.[id];
      if (error === undefined || error.type === 'notFound') mail.records.remove(id);
    }
    waiting.replace(change, later.length === 0 ? null : { ...change, emails: later });
  });
  for (const thread of threads) mail.lists.follow(thread);
  mailboxes();
  const error = Object.values(result.notDestroyed ?? {}).find((found) => found !== undefined && found.type !== 'notFound');
  if (error !== undefined) waiting.refused(change, problemOfJmap(error.type, error.description ?? null));
}

type FolderChange = Exclude<Change, { kind: 'patch' | 'destroy' }>;

/** Create, rename or delete a folder. One that is there already, or gone already, is as wanted: the request may be a repeated one. */
async function sendFolder(mail: AccountMail, waiting: Waiting, change: FolderChange): Promise<void> {
  if (change.kind === 'delete-folder' && change.empty) {
    const parent = [...mail.records.mailboxes.values()].some(({ parentId }) => parentId === change.mailbox);
    if (parent) throw new WireError(problemOfJmap('mailboxHasChild', null));
    await emptyFolder(mail, change.mailbox);
  }
  const batch = new Batch();
  const call = batch.add('Mailbox/set', { accountId: mail.id, ...folderArguments(change) });
  const all = batch.add('Mailbox/get', { accountId: mail.id, ids: null });
  const answers = await mail.around.jmap.send(batch, { background: true });
  mail.takeMailboxes(answers.of(all));
  const problem = folderProblem(mail, change, answers.of(call));
  waiting.replace(change, null);
  if (problem !== null) waiting.refused(change, problem);
}

function folderArguments(change: FolderChange): Omit<Methods['Mailbox/set']['args'], 'accountId'> {
  switch (change.kind) {
    case 'create-folder':
      // Mail programs show the folders that one has subscribed to.
      return { create: { folder: { name: change.name, parentId: change.parent, isSubscribed: true } } };
    case 'rename-folder':
      return { update: { [change.mailbox]: { name: change.name } } };
    case 'move-folder':
      return { update: { [change.mailbox]: { parentId: change.parent } } };
    case 'delete-folder':
      return { destroy: [change.mailbox], onDestroyRemoveEmails: false };
  }
}

function folderProblem(mail: AccountMail, change: FolderChange, result: SetResult<MailboxId, { readonly id: MailboxId }>): Problem | null {
  const errors = [result.notCreated, result.notUpdated, result.notDestroyed].flatMap((each) => Object.values(each ?? {}));
  const error = errors.find((found) => found !== undefined);
  if (error === undefined) return null;
  if (change.kind === 'delete-folder' && error.type === 'notFound') return null;
  const { mailboxes } = mail.records;
  if (change.kind === 'create-folder' && [...mailboxes.values()].some((each) => each.name === change.name && each.parentId === change.parent)) return null;
  // Cyrus says so of a path that is too long: trying again won't help.
  if (error.description === 'Invalid mailbox name') return problemOfJmap('invalidProperties', null);
  return problemOfJmap(error.type, error.description ?? null);
}

/** Move a folder's messages to the trash, some hundred at a time. */
async function emptyFolder(mail: AccountMail, mailbox: MailboxId): Promise<void> {
  const trash = mail.mailboxByRole('trash');
  if (trash === undefined) return;
  for (;;) {
    const batch = new Batch();
    const call = batch.add('Email/query', {
      accountId: mail.id, filter: { inMailbox: mailbox }, sort: [], collapseThreads: false, limit: 250,
    });
    const { ids } = (await mail.around.jmap.send(batch, { background: true })).of(call);
    if (ids.length === 0) return;
    const patch: Patch = { mailboxIds: { [mailbox]: false, [trash.id]: true } };
    const paths = patchPaths(patch);
    const { result } = await set(mail, { update: Object.fromEntries(ids.map((id) => [id, paths])) });
    for (const id of ids) accept(mail, id, patch, result.notUpdated?.[id]);
    const refused = Object.values(result.notUpdated ?? {}).find((error) => error !== undefined);
    if (refused !== undefined) return;
  }
}
