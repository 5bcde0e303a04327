import type { AccountId, Address, BlobId, EmailId, MailboxId, ThreadId } from './ids.ts';

/** JMAP for mail as RFC 8620 and RFC 8621 write it; only what the client uses. */

export interface RawSession {
  readonly accounts: Readonly<Record<AccountId, { readonly name: string; readonly isPersonal: boolean; readonly isReadOnly: boolean }>>;
  readonly primaryAccounts: Readonly<Record<string, AccountId>>;
  readonly capabilities: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly downloadUrl: string;
  readonly uploadUrl: string;
  readonly apiUrl: string;
  readonly username: string;
  readonly state: string;
}

export interface RawRights {
  readonly mayReadItems: boolean;
  readonly mayAddItems: boolean;
  readonly mayRemoveItems: boolean;
  readonly maySetSeen: boolean;
  readonly maySetKeywords: boolean;
  readonly mayCreateChild: boolean;
  readonly mayRename: boolean;
  readonly mayDelete: boolean;
}

export interface RawMailbox {
  readonly id: MailboxId;
  readonly name: string;
  readonly parentId: MailboxId | null;
  readonly role: string | null;
  readonly sortOrder: number;
  readonly totalEmails: number;
  readonly unreadEmails: number;
  readonly totalThreads: number;
  readonly unreadThreads: number;
  readonly myRights: RawRights;
}

export type Flags<Key extends string> = Readonly<Partial<Record<Key, true>>>;

/** What a list shows of a message. */
export interface RawHead {
  readonly id: EmailId;
  readonly threadId: ThreadId;
  readonly mailboxIds: Flags<MailboxId>;
  readonly keywords: Flags<string>;
  readonly from: readonly Address[] | null;
  readonly to: readonly Address[] | null;
  readonly subject: string | null;
  readonly preview: string;
  readonly receivedAt: string;
}

export interface RawPart {
  readonly partId: string | null;
  readonly blobId: BlobId | null;
  readonly size: number;
  readonly name: string | null;
  readonly type: string;
  readonly charset: string | null;
  readonly disposition: string | null;
  readonly cid: string | null;
  /** As it stands in the message: what it says beyond type and charset. */
  readonly 'header:Content-Type'?: string | null;
}

export interface RawBodyValue {
  readonly value: string;
  readonly isEncodingProblem: boolean;
  readonly isTruncated: boolean;
}

export interface RawMessage extends RawHead {
  readonly blobId: BlobId;
  readonly size: number;
  readonly sentAt: string | null;
  readonly sender: readonly Address[] | null;
  readonly replyTo: readonly Address[] | null;
  readonly cc: readonly Address[] | null;
  readonly bcc: readonly Address[] | null;
  readonly messageId: readonly string[] | null;
  readonly inReplyTo: readonly string[] | null;
  readonly references: readonly string[] | null;
  readonly 'header:Disposition-Notification-To:asAddresses': readonly Address[] | null;
  readonly 'header:X-Priority:asText': string | null;
  readonly 'header:Importance:asText': string | null;
  readonly 'header:Sensitivity:asText': string | null;
  readonly htmlBody: readonly RawPart[];
  readonly textBody: readonly RawPart[];
  readonly attachments: readonly RawPart[];
  readonly bodyValues: Readonly<Record<string, RawBodyValue>>;
}

export interface RawThread {
  readonly id: ThreadId;
  readonly emailIds: readonly EmailId[];
}

export interface Reference {
  readonly resultOf: string;
  readonly name: string;
  readonly path: string;
}

export interface GetResult<Thing, Id> {
  readonly state: string;
  readonly list: readonly Thing[];
  readonly notFound: readonly Id[];
}

export interface ChangesResult<Id> {
  readonly oldState: string;
  readonly newState: string;
  readonly hasMoreChanges: boolean;
  readonly created: readonly Id[];
  readonly updated: readonly Id[];
  readonly destroyed: readonly Id[];
  readonly updatedProperties?: readonly string[] | null;
}

export interface SetError {
  readonly type: string;
  readonly description?: string;
  readonly properties?: readonly string[];
}

export interface SetResult<Id extends string, Created> {
  readonly oldState: string | null;
  readonly newState: string;
  readonly created: Readonly<Record<string, Created>> | null;
  readonly updated: Readonly<Partial<Record<Id, unknown>>> | null;
  readonly destroyed: readonly Id[] | null;
  readonly notCreated?: Readonly<Record<string, SetError>> | null;
  readonly notUpdated?: Readonly<Partial<Record<Id, SetError>>> | null;
  readonly notDestroyed?: Readonly<Partial<Record<Id, SetError>>> | null;
}

export interface EmailCondition {
  readonly inMailbox?: MailboxId;
  readonly inMailboxOtherThan?: readonly MailboxId[];
  readonly text?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cc?: string;
  readonly subject?: string;
  readonly body?: string;
  readonly before?: string;
  readonly after?: string;
  readonly hasKeyword?: string;
  readonly notKeyword?: string;
  readonly someInThreadHaveKeyword?: string;
  readonly hasAttachment?: boolean;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly attachmentName?: string;
}

export type EmailFilter =
  | EmailCondition
  | { readonly operator: 'AND' | 'OR' | 'NOT'; readonly conditions: readonly EmailFilter[] };

interface OfAccount {
  readonly accountId: AccountId;
}

interface Get<Id> extends OfAccount {
  readonly ids?: readonly Id[] | null;
  readonly '#ids'?: Reference;
  readonly properties?: readonly string[] | null;
  readonly '#properties'?: Reference;
}

interface Changes extends OfAccount {
  readonly sinceState: string;
  readonly maxChanges?: number;
}

interface Set<Id extends string> extends OfAccount {
  readonly ifInState?: string;
  readonly create?: Readonly<Record<string, unknown>>;
  readonly update?: Readonly<Partial<Record<Id, Readonly<Record<string, unknown>>>>>;
  readonly destroy?: readonly Id[];
}

export interface EmailQuery extends OfAccount {
  readonly filter: EmailFilter | null;
  readonly sort: readonly { readonly property: string; readonly keyword?: string; readonly isAscending: boolean }[];
  readonly collapseThreads: boolean;
  readonly position?: number;
  readonly anchor?: EmailId;
  readonly anchorOffset?: number;
  readonly limit: number;
  readonly calculateTotal?: boolean;
}

export interface EmailQueryResult {
  readonly queryState: string;
  readonly canCalculateChanges: boolean;
  readonly position: number;
  readonly ids: readonly EmailId[];
  readonly total?: number;
}

interface EmailGet extends Get<EmailId> {
  readonly bodyProperties?: readonly string[];
  readonly fetchHTMLBodyValues?: boolean;
  readonly fetchTextBodyValues?: boolean;
  readonly maxBodyValueBytes?: number;
}

export interface Methods {
  'Mailbox/get': { args: Get<MailboxId>; result: GetResult<RawMailbox, MailboxId> };
  'Mailbox/changes': { args: Changes; result: ChangesResult<MailboxId> };
  'Mailbox/set': {
    args: Set<MailboxId> & { readonly onDestroyRemoveEmails?: boolean };
    result: SetResult<MailboxId, { readonly id: MailboxId }>;
  };
  'Email/query': { args: EmailQuery; result: EmailQueryResult };
  'Email/get': { args: EmailGet; result: GetResult<RawHead & Partial<RawMessage>, EmailId> };
  'Email/parse': {
    args: { readonly accountId: AccountId; readonly blobIds: readonly BlobId[] } & Omit<Partial<EmailGet>, 'accountId'>;
    result: { readonly parsed: Readonly<Record<BlobId, RawMessage>> | null };
  };
  'Email/changes': { args: Changes; result: ChangesResult<EmailId> };
  'Email/set': {
    args: Set<EmailId>;
    result: SetResult<EmailId, { readonly id: EmailId; readonly blobId: BlobId; readonly threadId: ThreadId; readonly size: number }>;
  };
  'Thread/get': { args: Get<ThreadId>; result: GetResult<RawThread, ThreadId> };
  'Thread/changes': { args: Changes; result: ChangesResult<ThreadId> };
}

export type MethodName = keyof Methods;
