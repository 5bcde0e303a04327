import type { AccountId, EmailId, MailboxId, ThreadId } from '../../wire/ids.ts';
import type { Patch } from './patch.ts';

/** Messages of a conversation that aren't known here yet: the queue looks them up before it sends. */
export interface Rest {
  readonly threads: readonly ThreadId[];
  /** Only those in this folder. */
  readonly from: MailboxId | null;
  readonly patch: Patch;
}

interface Queued {
  readonly id: number;
  readonly account: AccountId;
}

/** A change made here that the server is to be told; kept on disk until it has answered. */
export type Change =
  | (Queued & { readonly kind: 'patch'; readonly patches: Readonly<Partial<Record<EmailId, Patch>>>; readonly rest: Rest | null })
  | (Queued & { readonly kind: 'destroy'; readonly emails: readonly EmailId[] })
  | (Queued & { readonly kind: 'create-folder'; readonly name: string; readonly parent: MailboxId | null })
  | (Queued & { readonly kind: 'rename-folder'; readonly mailbox: MailboxId; readonly name: string })
  | (Queued & { readonly kind: 'move-folder'; readonly mailbox: MailboxId; readonly parent: MailboxId | null })
  | (Queued & { readonly kind: 'delete-folder'; readonly mailbox: MailboxId; readonly empty: boolean });

type WithoutId<Each> = Each extends Change ? Omit<Each, 'id'> : never;
export type NewChange = WithoutId<Change>;

/** The messages that a change touches, as far as they are known. */
export function touchedBy(change: Change): readonly EmailId[] {
  switch (change.kind) {
    case 'patch':
      return Object.keys(change.patches) as EmailId[];
    case 'destroy':
      return change.emails;
    case 'create-folder':
    case 'rename-folder':
    case 'move-folder':
    case 'delete-folder':
      return [];
  }
}
