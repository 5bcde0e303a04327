import type { Jmap } from '../wire/jmap.ts';
import type { Live } from '../wire/live.ts';
import type { Carrying } from '../store/writing/drafts.ts';
import type { Road } from '../wire/road.ts';
import type {
  AccountId,
  Address,
  Attachment,
  ConversationRef,
  DraftContent,
  DraftKey,
  EmailId,
  Identity,
  ListSpec,
  MailboxId,
  Store,
  ThreadId,
} from '../store/types.ts';

/** What to act on: conversations, or single messages of one. Left out: the selection, else the open conversation, else the row under the cursor. */
export type Targets =
  | { readonly kind: 'conversations'; readonly conversations: readonly ConversationRef[] }
  | { readonly kind: 'messages'; readonly account: AccountId; readonly emails: readonly EmailId[] };

export interface OnTargets {
  readonly targets?: Targets;
}

type Nothing = Readonly<Record<string, never>>;

/** Every act of a person, by name. A button, a shortcut, the palette and a test run the same. */
export interface CommandArguments {
  // where one is
  readonly 'open-folder': { readonly account: AccountId; readonly mailbox: MailboxId };
  readonly 'filter': { readonly only: ListSpec['only'] };
  /** What bears a keyword, in all folders but junk and trash. */
  readonly 'open-keyword': { readonly account: AccountId; readonly keyword: string };
  /** An empty text goes back to the folder. `everywhere` looks in all folders, else in the open one. */
  readonly 'search': { readonly text: string; readonly everywhere: boolean };
  readonly 'open-conversation': ConversationRef;
  readonly 'close-conversation': Nothing;
  readonly 'next-conversation': Nothing;
  readonly 'previous-conversation': Nothing;
  readonly 'move-cursor': { readonly to: number };
  /** The rows on the screen, both included: fetches those that are missing, and a little beyond. */
  readonly 'show-rows': { readonly first: number; readonly last: number };
  /** The whole of a message whose text was cut. */
  readonly 'show-whole-message': { readonly account: AccountId; readonly email: EmailId };
  readonly 'refresh': Nothing;
  // selection
  readonly 'select': { readonly thread: ThreadId; readonly selected: boolean };
  /** From the last one selected (else the open one) to this one, rows that aren't here yet included. */
  readonly 'select-through': { readonly thread: ThreadId };
  /** Every row of the list, a thousand at most; those that aren't here yet are fetched. */
  readonly 'select-all': Nothing;
  readonly 'clear-selection': Nothing;
  // what changes mail; at once, with `undo` (but for destroy)
  readonly 'archive': OnTargets;
  /** To the trash; what is in the trash already needs `destroy`. */
  readonly 'delete': OnTargets;
  /** For good: ask before. */
  readonly 'destroy': OnTargets;
  readonly 'move': OnTargets & { readonly to: MailboxId };
  readonly 'star': OnTargets;
  readonly 'unstar': OnTargets;
  readonly 'mark-read': OnTargets;
  readonly 'mark-unread': OnTargets;
  /**
   * Put a keyword on, or take it off; `text` is what is said of it, beside the way back. `newest`: only on the message
   * that a row shows, instead of the whole conversation.
   */
  readonly 'set-keyword': OnTargets & { readonly keyword: string; readonly on: boolean; readonly text: string; readonly newest?: boolean };
  /** Away until then (ISO 8601, UTC); the store itself brings it back, unread and on top of the inbox. */
  readonly 'put-away': OnTargets & { readonly until: string; readonly text: string };
  /** Back to the inbox now. */
  readonly 'bring-back': OnTargets & { readonly text: string };
  /** On top of its folder's list, or no longer. */
  readonly 'pin': OnTargets & { readonly on: boolean; readonly text: string };
  readonly 'junk': OnTargets;
  readonly 'not-junk': OnTargets;
  readonly 'undo': Nothing;
  readonly 'dismiss-undo': Nothing;
  readonly 'dismiss-notice': { readonly id: number };
  // writing
  readonly 'compose': { readonly to?: readonly Address[] };
  readonly 'reply': { readonly account: AccountId; readonly email: EmailId };
  readonly 'reply-all': { readonly account: AccountId; readonly email: EmailId };
  readonly 'forward': { readonly account: AccountId; readonly email: EmailId };
  /** A new message with the recipients, text and files of one that was sent. */
  readonly 'edit-as-new': { readonly account: AccountId; readonly email: EmailId };
  /** Opens a message of the drafts folder in a composer. */
  readonly 'edit-draft': { readonly account: AccountId; readonly email: EmailId };
  /** What is typed; saved by itself a moment later. */
  readonly 'edit': { readonly draft: DraftKey; readonly change: Partial<DraftContent> };
  readonly 'attach': { readonly draft: DraftKey; readonly files: readonly File[] };
  /** A picture for the text, which names it by its Content-ID. */
  readonly 'attach-picture': { readonly draft: DraftKey; readonly file: File; readonly cid: string };
  /** Another sender, with their signature. */
  readonly 'write-as': { readonly draft: DraftKey; readonly from: Identity };
  /** A file that goes by a road of its own, shown among those of the draft. */
  readonly 'carry': { readonly draft: DraftKey; readonly name: string; readonly size: number; readonly work: Carrying };
  readonly 'retry-upload': { readonly draft: DraftKey; readonly upload: string };
  readonly 'cancel-upload': { readonly draft: DraftKey; readonly upload: string };
  readonly 'remove-attachment': { readonly draft: DraftKey; readonly attachment: Attachment };
  readonly 'save-draft': { readonly draft: DraftKey };
  /** Throws the draft away, on the server too. */
  readonly 'discard-draft': { readonly draft: DraftKey };
  /** Keeps the draft. */
  readonly 'close-composer': { readonly draft: DraftKey };
  readonly 'minimise-composer': { readonly draft: DraftKey; readonly minimised: boolean };
  /** The composer closes; refusals open it again (see `Store.outgoing`). */
  readonly 'send': { readonly draft: DraftKey; /** Not before this moment (ISO 8601). */ readonly sendAt?: string };
  /** Takes the message back while it waits; opens its composer. */
  readonly 'cancel-send': { readonly draft: DraftKey };
  // folders
  readonly 'create-folder': { readonly account: AccountId; readonly name: string; readonly parent: MailboxId | null };
  readonly 'rename-folder': { readonly account: AccountId; readonly mailbox: MailboxId; readonly name: string };
  /** Into another folder, or to the top (null), with all that is in it. */
  /** TEXT: what is said beside the way back. */
  readonly 'move-folder': { readonly account: AccountId; readonly mailbox: MailboxId; readonly parent: MailboxId | null; readonly text: string };
  /** Its messages go to the trash. Ask before. */
  readonly 'delete-folder': { readonly account: AccountId; readonly mailbox: MailboxId };
  // the session
  readonly 'set-locale': { readonly locale: 'fr' | 'en' };
  readonly 'set-theme': { readonly theme: 'auto' | 'light' | 'dark' };
  /** One section of what the person has chosen, whole; the platform keeps it. */
  readonly 'save-settings': { readonly section: string; readonly value: unknown };
  /** Send what waits, take the mail off this device, end the session: `features/offline` does it, and asks when it can't. */
  readonly 'sign-out': Nothing;
  /** On second thoughts. */
  readonly 'stay': Nothing;
  readonly 'send-waiting': Nothing;
  /** What was just typed is kept at once, without waiting for a pause. */
  readonly 'keep-typed': Nothing;
  /** Of drafts that the platform has, nothing stays on this device, though they are open. */
  readonly 'forget-saved': Nothing;
  /** Nobody is here, and the platform can't be asked: everything goes out of sight. */
  readonly 'lock': Nothing;
}

export type CommandName = keyof CommandArguments;

/** A colleague from the directory, for completing addressees. */
export interface Person {
  readonly name: string;
  readonly email: string;
  readonly detail: string;
}

export interface People {
  readonly found: readonly Person[];
  /** The directory was asked and didn't answer: more people may fit than were found. */
  readonly silent: boolean;
}

export interface Commands {
  /**
   * Do it. Resolves when what one sees has changed, not when the server has agreed (failures show in the store);
   * never rejects for reasons of network or server.
   */
  run<Name extends CommandName>(name: Name, args: CommandArguments[Name]): Promise<void>;
  /** Whether it would do something now (greys a button, hides a line of the palette). */
  can(name: CommandName, args?: OnTargets): boolean;
  /**
   * Those one writes with, then the directory: at most 8, and only those where it can't be asked. A newer call
   * makes an older one end with nobody.
   */
  people(query: string): Promise<People>;
  /** A message as it came. Throws WireError. */
  sourceOf(account: AccountId, email: EmailId): Promise<string>;
}

/** What `main.tsx` hands to the screens: `<App client={client} />` from `screens/app.tsx`. */
export interface Client {
  readonly store: Store;
  readonly commands: Commands;
  readonly services: Services;
}

/** For features that have requests of their own. */
export interface Services {
  readonly road: Road;
  readonly jmap: Jmap;
  readonly live: Pick<Live, 'hear' | 'start' | 'stop'>;
  readonly now: () => Date;
}
