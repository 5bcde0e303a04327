/** What the screens read. Everything here is immutable: a changed thing is a new object, an unchanged one the same. */

import type { ApiShared } from '../wire/api.ts';
import type { AccountId, Address, BlobId, EmailId, Identity, MailboxId, ThreadId } from '../wire/ids.ts';
import type { Problem } from '../wire/problems.ts';
import type { LocalCopy } from './presence/local-copy.ts';

export type { AccountId, Address, BlobId, EmailId, Identity, MailboxId, ThreadId, Problem };

declare const brand: unique symbol;
/** A draft on this machine; stays the same while the message on the server is replaced at each save. */
export type DraftKey = string & { readonly [brand]: 'draft' };

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online' }
  | { readonly kind: 'offline'; readonly since: number; readonly problem: Problem }
  | { readonly kind: 'signed-out'; readonly reason: string | null; readonly reference: string | null };

export interface Account {
  readonly id: AccountId;
  readonly name: string;
  readonly personal: boolean;
  readonly readOnly: boolean;
  /** What the platform says of a mailbox of others. */
  readonly shared?: ApiShared | null;
}

export type MailboxRole = 'inbox' | 'drafts' | 'sent' | 'archive' | 'snoozed' | 'junk' | 'trash';

export interface Mailbox {
  readonly id: MailboxId;
  readonly account: AccountId;
  /** As stored; for a folder with a role the screens show their own word. */
  readonly name: string;
  readonly role: MailboxRole | null;
  readonly parent: MailboxId | null;
  /** 0 for a top folder; the list is in the order to show. */
  readonly depth: number;
  /** Conversations (messages for who reads those one by one), changes under way counted. */
  readonly total: number;
  readonly unread: number;
  readonly rights: { readonly add: boolean; readonly remove: boolean; readonly flag: boolean; readonly rename: boolean; readonly delete: boolean; readonly createChild: boolean };
}

/** What a list shows. Two equal specifications are the same list. */
export interface ListSpec {
  readonly account: AccountId;
  /** Null: all folders but junk and trash. */
  readonly mailbox: MailboxId | null;
  readonly only: 'all' | 'unread' | 'starred';
  /** As typed, operators included (`de:`, `avant:`…); null when it isn't a search. */
  readonly search: string | null;
  /** Only what bears this keyword: the list of a label. */
  readonly keyword?: string;
  /** Message by message instead of by conversation; what opens a list sets it by the person's choice. */
  readonly flat?: boolean;
}

export interface ConversationRef {
  readonly account: AccountId;
  readonly thread: ThreadId;
}

/** One line of a list: a conversation, seen from its newest message in that list. */
export interface Row extends ConversationRef {
  readonly email: EmailId;
  /** Senders, oldest first; only the newest message's until the whole conversation is known. */
  readonly from: readonly Address[];
  /** For lists of what one wrote (sent, drafts). */
  readonly to: readonly Address[];
  readonly subject: string;
  readonly preview: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly unread: boolean;
  readonly starred: boolean;
  readonly attachment: boolean;
  readonly answered: boolean;
  readonly forwarded: boolean;
  readonly draft: boolean;
  /** Null until known. */
  readonly messages: number | null;
  readonly mailboxes: readonly MailboxId[];
  /** Of all its messages, sorted; the flags above are among them. */
  readonly keywords: readonly string[];
}

export interface ListView {
  readonly spec: ListSpec;
  /** How many rows to lay out; a guess that grows while `exact` is false. */
  readonly length: number;
  readonly exact: boolean;
  readonly state: 'loading' | 'ready' | 'failed';
  readonly problem: Problem | null;
  /** Undefined: not here yet (ask with `show-rows`); draw a placeholder. The same object as long as nothing in it changed. */
  row(index: number): Row | undefined;
  /** Where a conversation is among the rows that are here, -1 when it isn't. */
  indexOf(thread: ThreadId): number;
}

export type Priority = 'high' | 'normal' | 'low';

export interface Attachment {
  readonly blob: BlobId;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Content-ID without brackets, for pictures that the text shows. */
  readonly cid: string | null;
  readonly inline: boolean;
  /** On our own origin; served as a download that can run nothing. */
  readonly url: string;
}

export type BodyPart =
  | { readonly kind: 'html'; readonly value: string; readonly truncated: boolean }
  | { readonly kind: 'text'; readonly value: string; readonly truncated: boolean }
  | { readonly kind: 'picture'; readonly attachment: Attachment };

/** `auto`: as the system has it. */
export type Theme = 'auto' | 'light' | 'dark';

export interface MessageBody {
  /** In the order to show. */
  readonly parts: readonly BodyPart[];
  readonly attachments: readonly Attachment[];
  /** A part's character set was unknown or wrong: the text may have odd characters. */
  readonly garbled: boolean;
}

export interface Message {
  readonly id: EmailId;
  readonly account: AccountId;
  readonly thread: ThreadId;
  readonly blob: BlobId | null;
  readonly from: readonly Address[];
  /** Who really sent it, when that isn't `from`. */
  readonly sender: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly subject: string;
  readonly preview: string;
  readonly receivedAt: string;
  readonly sentAt: string | null;
  readonly messageId: readonly string[];
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly priority: Priority;
  /** Who wants to be told that it was read; nobody when none was asked or it was answered. */
  readonly receiptTo: readonly Address[];
  readonly receiptAnswered: boolean;
  readonly sensitive?: boolean;
  readonly mailboxes: readonly MailboxId[];
  readonly unread: boolean;
  readonly starred: boolean;
  readonly answered: boolean;
  readonly forwarded: boolean;
  readonly draft: boolean;
  readonly attachment: boolean;
  /** Sorted; the flags above are among them. */
  readonly keywords: readonly string[];
  readonly size: number;
  /** Null while it is being fetched. */
  readonly body: MessageBody | null;
  /** The whole message as it came, on our own origin. */
  readonly sourceUrl: string | null;
}

export interface ConversationView extends ConversationRef {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly problem: Problem | null;
  readonly subject: string;
  /** Oldest first; messages in trash and junk only when the open folder is that one. */
  readonly messages: readonly Message[];
}

/** What is open, and what the commands without a target act on. */
export interface View {
  readonly list: ListSpec | null;
  readonly open: ConversationRef | null;
  /** Messages of the open conversation that were unread when it was opened: to be shown unfolded. */
  readonly fresh: ReadonlySet<EmailId>;
  readonly selection: ReadonlySet<ThreadId>;
  /** The row with the keyboard's focus. */
  readonly cursor: number;
  readonly composers: readonly OpenComposer[];
  /** The person wants to sign out. */
  readonly leaving?: boolean;
}

export interface OpenComposer {
  readonly draft: DraftKey;
  readonly minimised: boolean;
}

/** What stands at the foot of a message, apart from its text so that another sender brings another one. */
export interface Signature {
  /** `academy`: the institution's, as the platform filled it. */
  readonly kind: 'own' | 'academy';
  readonly html: string;
  readonly text: string;
}

export interface DraftContent {
  readonly from: Identity;
  readonly replyTo: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly subject: string;
  /** What the editor holds; the plain text twin is made from it when saving. */
  readonly html: string;
  /** What is written when it is to be plain text alone; null: rich text. */
  readonly text: string | null;
  readonly signature: Signature | null;
  readonly priority: Priority;
  /** Ask to be told when it is read. */
  readonly receipt: boolean;
  /** Files leave by secured links only; whoever gets it is told. */
  readonly sensitive?: boolean;
  readonly attachments: readonly Attachment[];
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  /** What it answers or passes on, to be marked once it is sent. */
  readonly origin: { readonly email: EmailId; readonly kind: 'reply' | 'forward' } | null;
}

export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  readonly problem: Problem | null;
  /** It doesn't travel in the message: counts for nothing there. */
  readonly apart?: boolean;
  /** The server takes no more of it at the moment; it goes on by itself. */
  readonly waiting?: boolean;
}

export interface Draft {
  readonly key: DraftKey;
  readonly account: AccountId;
  readonly content: DraftContent;
  /** The copy on the server; null before the first save. */
  readonly email: EmailId | null;
  /** `kept`: on this machine only, to be saved as soon as the connection is back. */
  readonly state: 'new' | 'edited' | 'saving' | 'saved' | 'kept' | 'failed';
  readonly problem: Problem | null;
  readonly savedAt: number | null;
  /** Somebody else saved another version since it was opened: both are among the drafts. */
  readonly forked: boolean;
  /** It waited to be sent at this time, until it was opened; EMAIL is the copy that waited. */
  readonly heldBack: { readonly due: string; readonly email: EmailId | null } | null;
  /** It was open when the page ended without closing it. */
  readonly found?: boolean;
  readonly uploads: readonly Upload[];
}

/** A message on its way out. `refused` and `failed` open its composer again, with the reason. */
export interface Outgoing {
  readonly draft: DraftKey;
  readonly account: AccountId;
  readonly subject: string;
  readonly to: readonly Address[];
  readonly state:
    | { readonly kind: 'preparing' }
    /** Can still be taken back until `dueAt` (milliseconds since 1970). */
    | { readonly kind: 'waiting'; readonly dueAt: number }
    /** Handed over, to leave at the time that was chosen. */
    | { readonly kind: 'scheduled'; readonly dueAt: number }
    | { readonly kind: 'sending' }
    | { readonly kind: 'sent' }
    | { readonly kind: 'refused'; readonly reason: string; readonly reference: string | null }
    | { readonly kind: 'failed'; readonly problem: Problem };
}

/** What the last reversible command did, for « Archivée · Annuler ». */
export interface UndoOffer {
  readonly id: number;
  readonly command: 'archive' | 'delete' | 'move' | 'junk' | 'not-junk' | 'mark-read' | 'mark-unread' | 'star' | 'unstar' | 'set-keyword';
  readonly count: number;
  readonly to: MailboxId | null;
  /** What a feature did, in its own words; null for what the page has words for. */
  readonly text: string | null;
}

/** Something that the person must know and didn't ask for: a change that the server refused and that was taken back. */
export interface Notice {
  readonly id: number;
  readonly kind: 'change-refused' | 'folder-refused' | 'draft-refused' | 'settings-refused' | 'unloaded';
  readonly problem: Problem;
}

export interface AcademySignature {
  readonly mode: 'off' | 'offered' | 'imposed';
  readonly by: readonly { readonly email: string; readonly onBehalf?: boolean; readonly html: string; readonly text: string }[];
}

export interface Me {
  readonly name: string;
  readonly address: string;
  readonly account: AccountId;
  readonly academy: { readonly slug: string; readonly name: string; readonly accent: string; readonly domains: readonly string[] };
  readonly identities: readonly Identity[];
  /** Whether one's own mailbox is open to others. */
  readonly lends?: boolean;
  /** The institution's signature, filled for each of the addresses that it holds for. */
  readonly signature: AcademySignature;
  readonly limits: { readonly attachmentBytes: number; readonly undoSeconds: number; readonly idleSeconds: number; readonly warningSeconds?: number };
  readonly outside: 'show' | 'first' | 'always';
  readonly locale: 'fr' | 'en';
  readonly theme: Theme;
  readonly sharedComputer: boolean;
  /** What they have chosen, by section; each feature knows its own (`settingsOf`). */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Goes up whenever the messages that wait for their time may have changed. */
  readonly schedule: number;
  /** How many of them there were when the page was opened, those that came back included. */
  readonly waiting: number;
}

/** Reading never asks the server for anything: commands do. Made for `useSyncExternalStore`. */
export interface Store {
  subscribe(this: void, listener: () => void): () => void;
  connection(): Connection;
  /** Null until the first answer. */
  me(): Me | null;
  accounts(): readonly Account[];
  mailboxes(account: AccountId): readonly Mailbox[];
  view(): View;
  list(spec: ListSpec): ListView;
  conversation(ref: ConversationRef): ConversationView;
  draft(key: DraftKey): Draft | null;
  drafts(): readonly Draft[];
  outgoing(): readonly Outgoing[];
  undo(): UndoOffer | null;
  /** How often something was taken back. */
  undone(): number;
  notices(): readonly Notice[];
  /** Changes made here that the server doesn't have yet. */
  pending(): number;
  /** What this device keeps; null where it keeps nothing, or not yet. */
  copy(): LocalCopy | null;
}
