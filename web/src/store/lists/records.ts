import type { EmailId, MailboxId, ThreadId } from '../../wire/ids.ts';
import type { RawHead, RawMailbox, RawMessage } from '../../wire/jmap-types.ts';
import { aloneEmail } from '../sync/alone.ts';
import { type Change, touchedBy } from '../sync/changes.ts';
import { applyPatch } from '../sync/patch.ts';

/** A message as far as it is known. `whole` is false for one seen only as a member of its conversation. */
export interface EmailRecord extends RawHead {
  readonly whole: boolean;
  /** When it was last changed by us or by `/changes`, on the clock of these tables. */
  readonly touched: number;
}

type Partly = Partial<RawHead> & Pick<RawHead, 'id' | 'threadId' | 'mailboxIds' | 'keywords'>;

const UNKNOWN = { from: null, to: null, subject: null, preview: '', receivedAt: '' };

/** Messages gone are remembered, since an answer that was on its way may still name them. */
const GONE_AT_MOST = 5_000;

/**
 * One account's messages, folders and conversations: what the server said (`base`), and what one sees, which is that
 * with the changes under way on top. A change that the server accepts moves into the base; one that it refuses is
 * simply taken off, and what one sees is right again.
 */
export class Records {
  readonly mailboxes = new Map<MailboxId, RawMailbox>();
  readonly threads = new Map<ThreadId, readonly EmailId[]>();
  readonly bodies = new Map<EmailId, RawMessage>();
  private readonly emails = new Map<EmailId, EmailRecord>();
  private readonly members = new Map<ThreadId, Set<EmailId>>();
  private readonly gone = new Map<EmailId, number>();
  private changes: readonly Change[] = [];
  private touching = new Map<EmailId, readonly Change[]>();
  private readonly seen = new Map<EmailId, EmailRecord | null>();
  /** Counts what changed; an answer is compared with the time of its question. */
  clock = 0;

  base(id: EmailId): EmailRecord | undefined {
    return this.emails.get(id);
  }

  get size(): number {
    return this.emails.size;
  }

  ids(): IterableIterator<EmailId> {
    return this.emails.keys();
  }

  /** The known messages of a conversation. */
  of(thread: ThreadId): readonly EmailId[] {
    const alone = aloneEmail(thread);
    if (alone !== null) return this.emails.has(alone) ? [alone] : [];
    return [...(this.members.get(thread) ?? [])];
  }

  /** What a conversation holds, known messages or not; undefined when that isn't known. */
  named(thread: ThreadId): readonly EmailId[] | undefined {
    const alone = aloneEmail(thread);
    return alone === null ? this.threads.get(thread) : [alone];
  }

  /** Whether every message of a conversation is known. */
  complete(thread: ThreadId): boolean {
    return this.named(thread)?.every((id) => this.emails.has(id)) === true;
  }

  /** As one sees it: undefined when unknown or on its way out. */
  email(id: EmailId): EmailRecord | undefined {
    const changes = this.touching.get(id);
    if (changes === undefined) return this.emails.get(id);
    let seen = this.seen.get(id);
    if (seen === undefined) {
      seen = this.withChanges(id, changes);
      this.seen.set(id, seen);
    }
    return seen ?? undefined;
  }

  private withChanges(id: EmailId, changes: readonly Change[]): EmailRecord | null {
    let email = this.emails.get(id);
    if (email === undefined) return null;
    for (const change of changes) {
      if (change.kind === 'destroy') return null;
      const patch = change.kind === 'patch' ? change.patches[id] : undefined;
      if (patch !== undefined) email = applyPatch(email, patch);
    }
    return email;
  }

  pending(): readonly Change[] {
    return this.changes;
  }

  setPending(changes: readonly Change[]): void {
    this.changes = changes;
    const touching = new Map<EmailId, Change[]>();
    for (const change of changes) {
      for (const id of touchedBy(change)) {
        const list = touching.get(id);
        if (list === undefined) touching.set(id, [change]);
        else list.push(change);
      }
    }
    this.touching = touching;
    this.seen.clear();
    this.clock += 1;
  }

  /** Conversations that look otherwise than the server knows them. */
  pendingThreads(): ReadonlySet<ThreadId> {
    const threads = new Set<ThreadId>();
    for (const id of this.touching.keys()) {
      const email = this.emails.get(id);
      if (email !== undefined) threads.add(email.threadId);
    }
    return threads;
  }

  /** Take in a message that was read. What changed after the question (`askedAt`) is newer than the answer. */
  put(read: Partly, askedAt: number, whole: boolean): void {
    if ((this.gone.get(read.id) ?? -1) > askedAt) return;
    this.store(merged(this.emails.get(read.id), read, askedAt, whole));
  }

  /** Change the base: the server said so, or accepted our change. */
  touch(email: EmailRecord): void {
    this.clock += 1;
    this.store({ ...email, touched: this.clock });
  }

  /** First words that were missing. They never change, so that no answer on its way is older or newer. */
  preview(id: EmailId, preview: string): void {
    const email = this.emails.get(id);
    if (email?.preview === '' && preview !== '') this.store({ ...email, preview });
  }

  private store(email: EmailRecord): void {
    this.emails.set(email.id, email);
    this.seen.delete(email.id);
    const members = this.members.get(email.threadId);
    if (members === undefined) this.members.set(email.threadId, new Set([email.id]));
    else members.add(email.id);
  }

  /** The server says that it doesn't exist any more. */
  remove(id: EmailId): void {
    this.clock += 1;
    this.gone.set(id, this.clock);
    if (this.gone.size > GONE_AT_MOST) this.gone.clear();
    const email = this.emails.get(id);
    this.forget(id);
    // A conversation that was asked for before may name a message that was never known here.
    const named = email === undefined ? [...this.threads.keys()] : [email.threadId];
    for (const thread of named) this.leaveThread(thread, id);
  }

  private leaveThread(thread: ThreadId, id: EmailId): void {
    const members = this.threads.get(thread);
    if (members?.includes(id) !== true) return;
    const left = members.filter((member) => member !== id);
    if (left.length > 0) this.threads.set(thread, left);
    else this.threads.delete(thread);
  }

  /** Make room: it can be asked for again. */
  forget(id: EmailId): void {
    const email = this.emails.get(id);
    if (email === undefined) return;
    this.emails.delete(id);
    this.bodies.delete(id);
    this.seen.delete(id);
    const members = this.members.get(email.threadId);
    members?.delete(id);
    if (members?.size === 0) this.members.delete(email.threadId);
  }

  isPending(id: EmailId): boolean {
    return this.touching.has(id);
  }

  /** Forget all but these, and which messages make a conversation. */
  keepOnly(kept: ReadonlySet<EmailId>): void {
    this.clock += 1;
    for (const id of [...this.emails.keys()]) if (!kept.has(id)) this.forget(id);
    this.threads.clear();
    this.gone.clear();
  }
}

/** What is known with what was read: flags of an older answer don't undo newer ones, first words found stay. */
function merged(known: EmailRecord | undefined, read: Partly, askedAt: number, whole: boolean): EmailRecord {
  if (known === undefined) return { ...UNKNOWN, ...read, whole, touched: 0 };
  const flags = known.touched <= askedAt ? {} : { keywords: known.keywords, mailboxIds: known.mailboxIds };
  const preview = known.preview === '' ? {} : { preview: known.preview };
  return { ...known, ...read, ...flags, ...preview, whole: whole || known.whole, touched: known.touched };
}
