import type { BlobId, EmailId, MailboxId, ThreadId } from '../wire/ids.ts';
import type { EmailFilter, EmailQuery } from '../wire/jmap-types.ts';
import type { MockMailboxes, StoredEmail } from './data.ts';

type Args = Readonly<Record<string, unknown>>;
type Result = Readonly<Record<string, unknown>>;

/** A method that can't answer (RFC 8620 §3.6.2). */
export class MethodError extends Error {}

function matches(store: MockMailboxes, email: StoredEmail, filter: EmailFilter | null): boolean {
  if (filter === null) return true;
  if ('operator' in filter) {
    const results = filter.conditions.map((condition) => matches(store, email, condition));
    switch (filter.operator) {
      case 'AND':
        return results.every(Boolean);
      case 'OR':
        return results.some(Boolean);
      case 'NOT':
        return !results.some(Boolean);
    }
  }
  const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const has = (where: string, what: string) => fold(where).includes(fold(what).replace(/\*$|"/g, ''));
  const people = (list: StoredEmail['from']) => (list ?? []).map(({ name, email: address }) => `${name ?? ''} ${address}`).join(' ');
  const everything = [people(email.from), people(email.to), email.subject ?? '', ...Object.values(email.bodyValues).map(({ value }) => value)].join(' ');
  const tests: Readonly<Record<string, (value: never) => boolean>> = {
    inMailbox: (id: MailboxId) => email.mailboxIds[id] === true,
    inMailboxOtherThan: (ids: readonly MailboxId[]) => (Object.keys(email.mailboxIds) as MailboxId[]).some((id) => !ids.includes(id)),
    text: (value: string) => has(everything, value),
    from: (value: string) => has(people(email.from), value),
    to: (value: string) => has(people(email.to), value),
    subject: (value: string) => has(email.subject ?? '', value),
    body: (value: string) => has(everything, value),
    before: (value: string) => email.receivedAt < value,
    after: (value: string) => email.receivedAt >= value,
    hasKeyword: (value: string) => email.keywords[value] === true,
    notKeyword: (value: string) => email.keywords[value] !== true,
    hasAttachment: (value: boolean) => (email.keywords['$hasattachment'] === true) === value,
  };
  return Object.entries(filter).every(([name, value]) => {
    const test = tests[name];
    if (test === undefined) throw new MethodError('unsupportedFilter');
    return test(value as never);
  });
}

/** What orders a message: its date, and before that the keyword that is asked for. */
function place(email: StoredEmail, { sort }: EmailQuery): string {
  const first = sort[0]?.keyword;
  return `${first !== undefined && email.keywords[first] === true ? '1' : '0'}${email.receivedAt}`;
}

export function queryEmails(store: MockMailboxes, args: EmailQuery): Result {
  let found = [...store.emails.values()]
    .filter((email) => matches(store, email, args.filter))
    .sort((one, other) => (place(one, args) === place(other, args) ? 0 : place(one, args) < place(other, args) ? 1 : -1));
  if (args.collapseThreads) {
    const seen = new Set<ThreadId>();
    found = found.filter(({ threadId }) => !seen.has(threadId) && seen.add(threadId));
  }
  const ids = found.map(({ id }) => id);
  let position = args.position ?? 0;
  if (args.anchor !== undefined) {
    const at = ids.indexOf(args.anchor);
    if (at < 0) throw new MethodError('anchorNotFound');
    position = Math.max(0, at + (args.anchorOffset ?? 0));
  }
  return {
    queryState: store.modseq.toString(), canCalculateChanges: true, position, ids: ids.slice(position, position + args.limit),
    ...(args.calculateTotal === true ? { total: ids.length } : {}),
  };
}

function pick(thing: object, properties: readonly string[] | null): Result {
  if (properties === null) return { ...thing };
  const fields = thing as Args;
  return Object.fromEntries(['id', ...properties].map((name) => [name, fields[name]]));
}

export function getThings<Id extends string>(state: number, things: ReadonlyMap<Id, object>, args: Args): Result {
  const ids = (args['ids'] ?? null) as readonly Id[] | null;
  const properties = (args['properties'] ?? null) as readonly string[] | null;
  const wanted = ids ?? [...things.keys()];
  const list = wanted.flatMap((id) => {
    const thing = things.get(id);
    return thing === undefined ? [] : [structuredClone(pick(thing, properties))];
  });
  return { state: state.toString(), list, notFound: wanted.filter((id) => !things.has(id)) };
}

export function getThreads(store: MockMailboxes, args: Args): Result {
  const ids = args['ids'] as readonly ThreadId[];
  const list = ids.map((id) => ({ id, emailIds: store.thread(id).map((email) => email.id) })).filter(({ emailIds }) => emailIds.length > 0);
  return { state: store.modseq.toString(), list, notFound: ids.filter((id) => store.thread(id).length === 0) };
}

function since(store: MockMailboxes, args: Args): number {
  const state = Number(args['sinceState']);
  if (!Number.isFinite(state) || state < store.oldest) throw new MethodError('cannotCalculateChanges');
  return state;
}

export function emailChanges(store: MockMailboxes, args: Args): Result {
  const from = since(store, args);
  const most = (args['maxChanges'] as number | undefined) ?? Infinity;
  const events = [
    ...[...store.emails.values()].filter(({ updated }) => updated > from).map((email) => ({ id: email.id, at: email.updated, created: email.created > from, gone: false })),
    ...store.goneEmails.filter(({ at }) => at > from).map((gone) => ({ ...gone, created: false, gone: true })),
  ].sort((one, other) => one.at - other.at);
  const now = events.slice(0, most);
  const more = events.length > now.length;
  return {
    oldState: from.toString(),
    newState: (more ? (now.at(-1)?.at ?? from) : store.modseq).toString(),
    hasMoreChanges: more,
    created: now.filter(({ created }) => created).map(({ id }) => id),
    updated: now.filter(({ created, gone }) => !created && !gone).map(({ id }) => id),
    destroyed: now.filter(({ gone }) => gone).map(({ id }) => id),
  };
}

export function mailboxChanges(store: MockMailboxes, args: Args): Result {
  const from = since(store, args);
  const all = [...store.mailboxes.values()];
  const updated = all.filter((mailbox) => mailbox.created <= from && Math.max(mailbox.updated, mailbox.counted) > from);
  const onlyCounts = updated.every((mailbox) => mailbox.updated <= from);
  return {
    oldState: from.toString(), newState: store.modseq.toString(), hasMoreChanges: false,
    created: all.filter(({ created }) => created > from).map(({ id }) => id),
    updated: updated.map(({ id }) => id),
    destroyed: store.goneMailboxes.filter(({ at }) => at > from).map(({ id }) => id),
    updatedProperties: onlyCounts && updated.length > 0 ? ['totalEmails', 'unreadEmails', 'totalThreads', 'unreadThreads'] : null,
  };
}

function patchEmail(email: StoredEmail, paths: Args): void {
  for (const [path, value] of Object.entries(paths)) {
    const [property = '', key = ''] = path.split('/');
    const flags = (property === 'keywords' ? email.keywords : email.mailboxIds) as Record<string, true>;
    if (value === true) flags[key] = true;
    else Reflect.deleteProperty(flags, key);
  }
}

function createEmail(store: MockMailboxes, fields: Args): StoredEmail {
  const draft = store.deliver({ mailbox: 'drafts' });
  const values = fields['bodyValues'] as Record<string, { value: string }>;
  store.change(draft.id, (email) => {
    Object.assign(email, fields, {
      bodyValues: Object.fromEntries(Object.entries(values).map(([key, { value }]) => [key, { value, isEncodingProblem: false, isTruncated: false }])),
      htmlBody: [{ ...email.htmlBody[0], partId: 'html' }],
      textBody: [{ ...email.textBody[0], partId: 'text' }],
      keywords: { ...(fields['keywords'] as object), ...((fields['attachments'] as unknown[]).length > 0 ? { $hasattachment: true } : {}) },
      preview: values['text']?.value.slice(0, 120) ?? '',
    });
    const parent = [...store.emails.values()].find((other) => other.messageId?.some((id) => email.inReplyTo?.includes(id) === true) === true);
    if (parent !== undefined) email.threadId = parent.threadId;
  });
  return draft;
}

export function setEmails(store: MockMailboxes, args: Args, refuse: (id: EmailId) => string | null): Result {
  const oldState = store.modseq.toString();
  const notUpdated: Record<string, unknown> = {};
  const updated: Record<string, null> = {};
  for (const [id, paths] of Object.entries((args['update'] ?? {}) as Record<EmailId, Args>) as [EmailId, Args][]) {
    const refused = refuse(id);
    if (refused !== null) notUpdated[id] = { type: refused };
    else if (store.change(id, (email) => patchEmail(email, paths))) updated[id] = null;
    else notUpdated[id] = { type: 'notFound' };
  }
  const created: Record<string, { id: EmailId; blobId: BlobId; threadId: ThreadId; size: number }> = {};
  for (const [key, fields] of Object.entries((args['create'] ?? {}) as Record<string, Args>)) {
    const { id, blobId, threadId, size } = createEmail(store, fields);
    created[key] = { id, blobId, threadId, size };
  }
  const destroy = (args['destroy'] ?? []) as readonly EmailId[];
  const destroyed = destroy.filter((id) => store.destroy(id));
  const notDestroyed = Object.fromEntries(destroy.filter((id) => !destroyed.includes(id)).map((id) => [id, { type: 'notFound' }]));
  return { oldState, newState: store.modseq.toString(), created, updated, destroyed, notUpdated, notDestroyed };
}

export function setMailboxes(store: MockMailboxes, args: Args): Result {
  const oldState = store.modseq.toString();
  const created: Record<string, { id: MailboxId }> = {};
  const notCreated: Record<string, unknown> = {};
  const notDestroyed: Record<string, unknown> = {};
  for (const [key, fields] of Object.entries((args['create'] ?? {}) as Record<string, { name: string; parentId: MailboxId | null }>)) {
    const taken = [...store.mailboxes.values()].some(({ name, parentId }) => name === fields.name && parentId === fields.parentId);
    if (taken) notCreated[key] = { type: 'invalidProperties', properties: ['name'] };
    else created[key] = { id: store.addMailbox(fields.name, null, fields.parentId) };
  }
  for (const [id, fields] of Object.entries((args['update'] ?? {}) as Record<MailboxId, Args>)) {
    const mailbox = store.mailboxes.get(id as MailboxId);
    store.modseq += 1;
    if (mailbox !== undefined) Object.assign(mailbox, fields, { updated: store.modseq });
  }
  for (const id of (args['destroy'] ?? []) as readonly MailboxId[]) {
    const full = [...store.emails.values()].some((email) => email.mailboxIds[id] === true);
    if (full) notDestroyed[id] = { type: 'mailboxHasEmail' };
    else store.destroyMailbox(id);
  }
  return { oldState, newState: store.modseq.toString(), created, notCreated, notDestroyed, updated: {}, destroyed: [] };
}
