import type { ApiMe } from '../../wire/api.ts';
import type { ThreadId } from '../../wire/ids.ts';
import type { Session } from '../../wire/jmap.ts';
import type { AccountMail } from '../account.ts';
import type { List } from '../lists/lists.ts';
import type { Shelf } from '../sync/shelf.ts';

/** Who is here, as the platform said it last. */
export interface Who {
  readonly me: ApiMe;
  readonly session: Session;
}

/** How much of the mail lies on this device. */
export interface CopySurvey {
  readonly bytes: number;
  /** Conversations stay for so long after they were opened. */
  readonly days: number;
}

/**
 * What this device keeps for the time without a network, all of it encrypted under a key that the platform lends to an
 * open session. `store/copy/` makes it; there is none on a shared computer.
 */
export interface LocalCopy {
  readonly who: Who;
  readonly shelf: Shelf;
  /** The device takes no more: what is typed isn't on it. */
  readonly full: boolean;
  /** A conversation is being read. */
  opened(mail: AccountMail, thread: ThreadId): void;
  /** The first rows of a list are known. */
  listed(mail: AccountMail, list: List): void;
  /** Put what was kept into the account's tables. False when there is nothing, or not all of it. */
  findConversation(mail: AccountMail, thread: ThreadId): Promise<boolean>;
  findList(mail: AccountMail, list: List): Promise<boolean>;
  findFolders(mail: AccountMail): Promise<boolean>;
  /** Something else that isn't lost with it: a small picture of a message, by its address. */
  keep(name: string, value: unknown): void;
  find(name: string): Promise<unknown>;
  survey(): Promise<CopySurvey>;
  /** All mail off this device; what waits stays. */
  forgetMail(): Promise<void>;
  /** Somebody is at this page: other tabs needn't think that nobody is. */
  active(): void;
  /** When somebody was last at any page of this browser. */
  lastActive(): number;
  /** All that is being written lies on the disk then; the key is gone, and so is all reading. */
  close(): Promise<void>;
  /** All mail off this device; with `unsent` what waits too, and the key for good. Closes, here and in other pages. */
  wipe(unsent: boolean): Promise<void>;
}
