import type { Batch, Call } from '../../wire/batch.ts';
import { CYRUS_MAIL } from '../../wire/jmap.ts';
import type { AccountId, EmailId, MailboxId, ThreadId } from '../../wire/ids.ts';
import type { EmailFilter } from '../../wire/jmap-types.ts';
import type { List } from '../lists/lists.ts';
import { aloneEmail } from './alone.ts';
import { type Scope, searchFilter } from '../search/search.ts';
import type { ListSpec } from '../types.ts';

/**
 * What a row shows; each property costs the server something on every row (the preview most). `hasAttachment` would
 * have it read each message's structure, for what the keyword `$hasattachment`, set at delivery, tells as well.
 */
export const HEAD = ['id', 'threadId', 'mailboxIds', 'keywords', 'from', 'to', 'subject', 'preview', 'receivedAt'] as const;
/** What a row needs of the other messages of its conversation. */
export const MEMBER = ['id', 'threadId', 'mailboxIds', 'keywords', 'from', 'receivedAt'] as const;
export const FLAGS = ['id', 'threadId', 'mailboxIds', 'keywords'] as const;
const MESSAGE = [
  ...HEAD, 'blobId', 'size', 'sentAt', 'sender', 'replyTo', 'cc', 'bcc', 'messageId', 'inReplyTo', 'references',
  'htmlBody', 'textBody', 'attachments', 'bodyValues',
  'header:Disposition-Notification-To:asAddresses', 'header:X-Priority:asText', 'header:Importance:asText', 'header:Sensitivity:asText',
] as const;
const PART = ['partId', 'blobId', 'size', 'name', 'type', 'charset', 'disposition', 'cid', 'header:Content-Type'] as const;

/** More text than anyone reads at once; the rest is asked for by a button. */
export const BODY_BYTES = 512 * 1024;
const CHANGES_AT_ONCE = 250;
const NEWEST_FIRST = [{ property: 'receivedAt', isAscending: false }];
export const PINNED = '$pinned';
const PINNED_FIRST = [{ property: 'hasKeyword', keyword: PINNED, isAscending: false }, ...NEWEST_FIRST];

/** What names mean in this mailbox, and which folders aren't looked into unless they are named. */
export interface Known extends Pick<Scope, 'now' | 'folder' | 'label'> {
  readonly hidden: readonly MailboxId[];
}

export function filterOf(spec: ListSpec, { hidden, ...names }: Known): EmailFilter {
  const base = searchFilter(spec.search ?? '', { ...names, mailbox: spec.mailbox, without: spec.mailbox === null ? hidden : [] });
  const flag = spec.only === 'unread' ? [{ notKeyword: '$seen' }] : spec.only === 'starred' ? [{ hasKeyword: '$flagged' }] : [];
  const flags = [...flag, ...(spec.keyword === undefined ? [] : [{ hasKeyword: spec.keyword }])];
  return flags.length === 0 ? base : { operator: 'AND', conditions: [base, ...flags] };
}

export interface Range {
  readonly position: number;
  readonly limit: number;
  /** The row before the range, when it is here: then the range follows it even if the server's list has moved. */
  readonly anchor: EmailId | null;
}

/**
 * A piece of a list, with what its rows show, in one request. A folder's rows come with what their conversations hold:
 * that costs less than half of what asking for it apart would. The results of a search are wanted at once.
 */
export function addWindow(batch: Batch, list: List, known: Known, range: Range) {
  const accountId = list.spec.account;
  const from = range.anchor === null ? { position: range.position } : { anchor: range.anchor, anchorOffset: 1 };
  const filter = filterOf(list.spec, known);
  // Names of files are a condition of Cyrus's own.
  if (JSON.stringify(filter).includes('"attachmentName"')) batch.using.push(CYRUS_MAIL);
  const query = batch.add('Email/query', {
    accountId, filter, sort: list.pinned ? PINNED_FIRST : NEWEST_FIRST,
    collapseThreads: list.spec.flat !== true, ...from, limit: range.limit,
  });
  const heads = batch.add('Email/get', { accountId, '#ids': query.ref('/ids'), properties: HEAD });
  const threads = list.spec.search === null && list.spec.flat !== true ? batch.add('Thread/get', { accountId, '#ids': heads.ref('/list/*/threadId') }) : null;
  return { query, heads, threads };
}

export function addMailboxes(batch: Batch, accountId: AccountId): Call<'Mailbox/get'> {
  return batch.add('Mailbox/get', { accountId, ids: null });
}

export function addMailboxChanges(batch: Batch, accountId: AccountId, sinceState: string) {
  const changes = batch.add('Mailbox/changes', { accountId, sinceState });
  return {
    changes,
    created: batch.add('Mailbox/get', { accountId, '#ids': changes.ref('/created') }),
    updated: batch.add('Mailbox/get', { accountId, '#ids': changes.ref('/updated'), '#properties': changes.ref('/updatedProperties') }),
  };
}

export function addEmailChanges(batch: Batch, accountId: AccountId, sinceState: string) {
  const changes = batch.add('Email/changes', { accountId, sinceState, maxChanges: CHANGES_AT_ONCE });
  return {
    changes,
    created: batch.add('Email/get', { accountId, '#ids': changes.ref('/created'), properties: HEAD }),
    updated: batch.add('Email/get', { accountId, '#ids': changes.ref('/updated'), properties: FLAGS }),
  };
}

/** A whole conversation with its texts: opening it is this one request. */
export function addConversation(batch: Batch, accountId: AccountId, thread: ThreadId) {
  const alone = aloneEmail(thread);
  if (alone !== null) {
    return { threads: null, messages: batch.add('Email/get', { accountId, ids: [alone], ...bodyArguments(BODY_BYTES) }) };
  }
  const threads = batch.add('Thread/get', { accountId, ids: [thread] });
  const messages = batch.add('Email/get', {
    accountId, '#ids': threads.ref('/list/*/emailIds'), ...bodyArguments(BODY_BYTES),
  });
  return { threads, messages };
}

export function addMessage(batch: Batch, accountId: AccountId, email: EmailId): Call<'Email/get'> {
  return batch.add('Email/get', { accountId, ids: [email], ...bodyArguments(0) });
}

function bodyArguments(bytes: number) {
  return { properties: MESSAGE, bodyProperties: PART, fetchHTMLBodyValues: true, ...(bytes > 0 ? { maxBodyValueBytes: bytes } : {}) };
}
