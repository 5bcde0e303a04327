import type { AccountId, MailboxId } from '../../wire/ids.ts';
import type { RawMailbox, RawMessage, RawPart } from '../../wire/jmap-types.ts';
import { Jmap } from '../../wire/jmap.ts';
import { flowOf, unflowed } from '../words/flowed.ts';
import type { ConversationRef } from '../types.ts';
import type { EmailRecord, Records } from './records.ts';
import type { Attachment, BodyPart, Mailbox, MailboxRole, Message, MessageBody, Priority, Row } from '../types.ts';

const ROLES: ReadonlySet<string> = new Set<MailboxRole>(['inbox', 'drafts', 'sent', 'archive', 'snoozed', 'junk', 'trash']);
const ORDER: readonly (MailboxRole | null)[] = ['inbox', 'drafts', 'sent', 'archive', 'snoozed', null, 'junk', 'trash'];

function roleOf(role: string | null): MailboxRole | null {
  return role !== null && ROLES.has(role) ? (role as MailboxRole) : null;
}

/** Folders in the order to show: special ones first, trash last, others by name, each followed by its own. */
export function readMailboxes(account: AccountId, raw: readonly RawMailbox[], locale: string, flat: boolean): readonly Mailbox[] {
  const collator = new Intl.Collator(locale, { numeric: true });
  const known = new Set(raw.map(({ id }) => id));
  const parentOf = (mailbox: RawMailbox) => (mailbox.parentId !== null && known.has(mailbox.parentId) ? mailbox.parentId : null);
  const children = Map.groupBy(raw, parentOf);
  const rank = (mailbox: RawMailbox) => ORDER.indexOf(roleOf(mailbox.role));
  const shown: Mailbox[] = [];
  const walk = (parent: MailboxId | null, depth: number) => {
    const sorted = [...(children.get(parent) ?? [])].sort(
      (one, other) => rank(one) - rank(other) || one.sortOrder - other.sortOrder || collator.compare(one.name, other.name),
    );
    for (const mailbox of sorted) {
      shown.push(readMailbox({ account, depth, parent, flat }, mailbox));
      walk(mailbox.id, depth + 1);
    }
  };
  walk(null, 0);
  return shown;
}

interface Standing {
  readonly account: AccountId;
  readonly parent: MailboxId | null;
  readonly depth: number;
  readonly flat: boolean;
}

function readMailbox({ account, parent, depth, flat }: Standing, raw: RawMailbox): Mailbox {
  const { myRights: may } = raw;
  return {
    id: raw.id, account, name: raw.name, role: roleOf(raw.role), parent, depth,
    total: flat ? raw.totalEmails : raw.totalThreads, unread: flat ? raw.unreadEmails : raw.unreadThreads,
    rights: { add: may.mayAddItems, remove: may.mayRemoveItems, flag: may.maySetKeywords, rename: may.mayRename, delete: may.mayDelete, createChild: may.mayCreateChild },
  };
}

function flagsOf(email: EmailRecord) {
  return {
    starred: email.keywords['$flagged'] === true,
    answered: email.keywords['$answered'] === true,
    forwarded: email.keywords['$forwarded'] === true,
    draft: email.keywords['$draft'] === true,
  };
}

function isUnread(email: EmailRecord): boolean {
  return email.keywords['$seen'] !== true && email.keywords['$draft'] !== true;
}

function keywordsOf(emails: readonly EmailRecord[]): readonly string[] {
  return [...new Set(emails.flatMap(({ keywords }) => Object.keys(keywords)))].sort();
}

function hasAttachment({ keywords }: EmailRecord): boolean {
  return keywords['$hasattachment'] === true;
}

/** A line of a list, from its newest message and the other messages of the conversation that are known. */
export function readRow(ref: ConversationRef, head: EmailRecord, members: readonly EmailRecord[], count: number | null): Row {
  const byDate = [...members].sort((one, other) => (one.receivedAt < other.receivedAt ? -1 : 1));
  const senders = new Map(byDate.flatMap((email) => (email.from ?? []).map((from) => [from.email.toLowerCase(), from] as const)));
  return {
    account: ref.account, thread: ref.thread, email: head.id,
    from: [...senders.values()],
    to: head.to ?? [],
    subject: head.subject ?? '',
    preview: head.preview,
    receivedAt: head.receivedAt,
    ...flagsOf(head),
    // An answer that was begun and not sent yet shows wherever its conversation does.
    draft: members.some((email) => email.keywords['$draft'] === true),
    unread: members.some(isUnread),
    starred: members.some((email) => email.keywords['$flagged'] === true),
    attachment: members.some(hasAttachment),
    messages: count,
    mailboxes: [...new Set(members.flatMap((email) => Object.keys(email.mailboxIds) as MailboxId[]))].sort(),
    keywords: keywordsOf(members),
  };
}

/** The known messages that make a row: the conversation without what lies in trash and junk, unless the head does too. */
export function membersOf(records: Records, head: EmailRecord, hidden: ReadonlySet<MailboxId>): readonly EmailRecord[] {
  const lies = (email: EmailRecord) => (Object.keys(email.mailboxIds) as MailboxId[]).every((id) => hidden.has(id));
  const there = lies(head);
  return records.of(head.threadId).flatMap((id) => {
    const email = records.email(id);
    return email === undefined || (email.id !== head.id && lies(email) !== there) ? [] : [email];
  });
}

export function readAttachment(account: AccountId, part: RawPart): Attachment | null {
  if (part.blobId === null) return null;
  const name = part.name ?? '';
  return {
    blob: part.blobId, name, type: part.type, size: part.size,
    cid: part.cid === null ? null : part.cid.replace(/^<|>$/g, ''),
    inline: part.disposition === 'inline' || (part.disposition === null && part.cid !== null),
    url: Jmap.downloadUrl(account, part.blobId, name === '' ? 'piece' : name, part.type),
  };
}

function readPart(account: AccountId, raw: RawMessage, part: RawPart): BodyPart | null {
  const value = part.partId === null ? undefined : raw.bodyValues[part.partId];
  if (value === undefined) {
    const attachment = readAttachment(account, part);
    return attachment !== null && part.type.startsWith('image/') ? { kind: 'picture', attachment } : null;
  }
  return part.type === 'text/html'
    ? { kind: 'html', value: value.value, truncated: value.isTruncated }
    : { kind: 'text', value: linesOf(part, value.value), truncated: value.isTruncated };
}

/** A text whose lines were parted to travel is put together again. */
function linesOf(part: RawPart, text: string): string {
  const { flowed, delsp } = flowOf(part['header:Content-Type'] ?? '');
  return flowed && part.type === 'text/plain' ? unflowed(text, delsp) : text;
}

export function readBody(account: AccountId, raw: RawMessage): MessageBody {
  return {
    parts: raw.htmlBody.flatMap((part) => readPart(account, raw, part) ?? []),
    attachments: raw.attachments.flatMap((part) => readAttachment(account, part) ?? []),
    garbled: Object.values(raw.bodyValues).some((value) => value.isEncodingProblem),
  };
}

/** What only the opened message tells, and nothing while it is fetched. */
/** Any word but these was meant as a warning; the platform reads it the same way when a message leaves. */
function isSensitive(word: string | null): boolean {
  return !['', 'normal', 'personal'].includes((word ?? '').trim().toLowerCase());
}

function restOf(account: AccountId, raw: RawMessage | undefined) {
  if (raw === undefined) {
    return {
      blob: null, sender: [], replyTo: [], cc: [], bcc: [], sentAt: null, messageId: [], inReplyTo: [], references: [], size: 0, sourceUrl: null,
      priority: 'normal' as const, receiptTo: [],
    };
  }
  return {
    blob: raw.blobId, sender: orNone(raw.sender), replyTo: orNone(raw.replyTo), cc: orNone(raw.cc), bcc: orNone(raw.bcc),
    sentAt: raw.sentAt, messageId: orNone(raw.messageId), inReplyTo: orNone(raw.inReplyTo), references: orNone(raw.references ?? raw.inReplyTo), size: raw.size,
    sourceUrl: Jmap.downloadUrl(account, raw.blobId, 'message.eml', 'message/rfc822'),
    ...(isSensitive(raw['header:Sensitivity:asText']) ? { sensitive: true } : {}),
    priority: priorityOf(raw), receiptTo: orNone(raw['header:Disposition-Notification-To:asAddresses'] ?? null),
  };
}

/** Two headers say it, both by custom: a number from 1 to 5, or a word (RFC 2156). */
function priorityOf(raw: RawMessage): Priority {
  const number = Number.parseInt(raw['header:X-Priority:asText'] ?? '', 10);
  const word = (raw['header:Importance:asText'] ?? '').trim().toLowerCase();
  if (number <= 2 || word === 'high') return 'high';
  return number >= 4 || word === 'low' ? 'low' : 'normal';
}

function orNone<Each>(list: readonly Each[] | null): readonly Each[] {
  return list ?? [];
}

export function readMessage(account: AccountId, email: EmailRecord, raw: RawMessage | undefined, body: MessageBody | null): Message {
  return {
    id: email.id, account, thread: email.threadId,
    from: orNone(email.from), to: orNone(email.to), subject: email.subject ?? '', preview: email.preview, receivedAt: email.receivedAt,
    mailboxes: Object.keys(email.mailboxIds) as MailboxId[], keywords: keywordsOf([email]),
    ...flagsOf(email), unread: isUnread(email), attachment: hasAttachment(email),
    receiptAnswered: email.keywords['$mdnsent'] === true,
    ...restOf(account, raw),
    body,
  };
}
