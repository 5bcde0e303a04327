import type { EmailId, ThreadId } from '../../wire/ids.ts';
import type { RawMailbox, RawMessage } from '../../wire/jmap-types.ts';
import type { AccountMail } from '../account.ts';
import { aloneEmail } from '../sync/alone.ts';
import { keyOf, type List } from '../lists/lists.ts';
import type { CopySurvey, LocalCopy, Who } from '../presence/local-copy.ts';
import type { EmailRecord } from '../lists/records.ts';
import { type Database, deleteDatabase, emptied } from './database.ts';
import type { Neighbours } from './neighbours.ts';
import { Pieces } from './pieces.ts';
import type { Keys } from './seal.ts';
import { SealedShelf } from './sealed-shelf.ts';

/** A conversation is kept a moment after it was opened, once its texts are here; a list once it is at rest. */
const CONVERSATION_MS = 700;
const LIST_MS = 1_500;
const FIRST_ROWS = 50;
/** Before any answer of the server. */
const LONG_AGO = -1;

interface KeptConversation {
  readonly ids: readonly EmailId[];
  readonly messages: readonly RawMessage[];
}

interface KeptList {
  readonly ids: readonly EmailId[];
  readonly heads: readonly EmailRecord[];
  readonly threads: readonly (readonly [ThreadId, readonly EmailId[]])[];
}

export interface CopySurroundings {
  readonly who: Who;
  readonly days: number;
  readonly database: Database;
  readonly keys: Keys;
  readonly neighbours: Neighbours;
  readonly now: () => number;
  readonly changed: () => void;
  /** The platform forgets the key. */
  readonly forgetKey: () => Promise<void>;
  /** Nobody holds the key for this page any more. */
  readonly release: () => void;
}

export class DeviceCopy implements LocalCopy {
  readonly who: Who;
  readonly shelf: SealedShelf;
  full = false;
  private readonly around: CopySurroundings;
  private readonly pieces: Pieces;
  private readonly waiting = new Map<string, { readonly timer: ReturnType<typeof setTimeout>; readonly keep: () => Promise<void> }>();
  private readonly writing = new Set<Promise<void>>();
  private closed = false;

  constructor(around: CopySurroundings) {
    const { who, database, keys, now, days } = around;
    this.around = around;
    this.who = who;
    const full = (is: boolean) => this.become(is);
    this.pieces = new Pieces({ database, keys, now, days, full });
    this.shelf = new SealedShelf({ database, keys, makeRoom: () => this.pieces.makeRoom(), full });
    this.write(() => this.pieces.put('who', who));
    this.write(async () => {
      await this.pieces.trim(Number.POSITIVE_INFINITY);
    });
  }

  private become(full: boolean): void {
    if (this.full === full || this.closed) return;
    this.full = full;
    this.around.changed();
  }

  /** What can't be written is left out: the server has it. */
  private write(work: () => Promise<void>): void {
    if (this.closed) return;
    const writing = work().catch(() => undefined);
    this.writing.add(writing);
    void writing.finally(() => this.writing.delete(writing));
  }

  /** Do it a moment later; what is asked for again meanwhile is done once. */
  private soon(name: string, milliseconds: number, keep: () => Promise<void>): void {
    if (this.closed) return;
    clearTimeout(this.waiting.get(name)?.timer);
    const timer = setTimeout(() => this.now(name), milliseconds);
    this.waiting.set(name, { timer, keep });
  }

  private now(name: string): void {
    const waiting = this.waiting.get(name);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(name);
    this.write(waiting.keep);
  }

  opened(mail: AccountMail, thread: ThreadId): void {
    const name = conversationName(mail, thread);
    this.soon(name, CONVERSATION_MS, async () => {
      const { records } = mail;
      const ids = records.named(thread) ?? [];
      const messages = ids.flatMap((id) => {
        const [head, raw] = [records.base(id), records.bodies.get(id)];
        return head === undefined || raw === undefined ? [] : [{ ...raw, keywords: head.keywords, mailboxIds: head.mailboxIds }];
      });
      if (messages.length > 0) await this.pieces.put(name, { ids, messages } satisfies KeptConversation);
    });
  }

  listed(mail: AccountMail, list: List): void {
    if (list.spec.search !== null || list.state !== 'ready') return;
    const name = `list ${list.key}`;
    this.soon(name, LIST_MS, async () => {
      await this.pieces.put(name, keptOf(mail, list));
      await this.pieces.put(`folders ${mail.id}`, [...mail.records.mailboxes.values()]);
    });
  }

  async findConversation(mail: AccountMail, thread: ThreadId): Promise<boolean> {
    const kept = (await this.find(conversationName(mail, thread))) as KeptConversation | undefined;
    if (kept === undefined) return false;
    for (const message of kept.messages) takeMessage(mail, message);
    if (mail.records.named(thread) === undefined && aloneEmail(thread) === null) mail.records.threads.set(thread, kept.ids);
    doubt(mail);
    return mail.records.named(thread)?.every((id) => mail.records.bodies.has(id)) === true;
  }

  async findList(mail: AccountMail, list: List): Promise<boolean> {
    const kept = (await this.find(`list ${keyOf(list.spec)}`)) as KeptList | undefined;
    if (kept === undefined) return false;
    for (const head of kept.heads) if (mail.records.base(head.id) === undefined) mail.records.put(head, LONG_AGO, head.whole);
    for (const [thread, ids] of kept.threads) if (!mail.records.threads.has(thread)) mail.records.threads.set(thread, ids);
    // As if it ended there: what lies beyond is on the server alone.
    mail.lists.window(list, 0, kept.ids.filter((id) => mail.records.base(id) !== undefined), kept.ids.length + 1);
    list.stale = true;
    doubt(mail);
    return true;
  }

  async findFolders(mail: AccountMail): Promise<boolean> {
    const kept = (await this.find(`folders ${mail.id}`)) as readonly RawMailbox[] | undefined;
    if (kept === undefined) return false;
    for (const mailbox of kept) mail.records.mailboxes.set(mailbox.id, mailbox);
    return true;
  }

  keep(name: string, value: unknown): void {
    this.write(() => this.pieces.put(name, value));
  }

  async find(name: string): Promise<unknown> {
    if (this.closed) return undefined;
    this.now(name);
    await Promise.all(this.writing);
    return this.pieces.get(name).catch(() => undefined);
  }

  async survey(): Promise<CopySurvey> {
    return { bytes: await this.pieces.measure(), days: this.around.days };
  }

  active(): void {
    this.around.neighbours.active(this.around.now());
  }

  lastActive(): number {
    return this.around.neighbours.lastActive;
  }

  async close(): Promise<void> {
    for (const name of [...this.waiting.keys()]) this.now(name);
    this.closed = true;
    this.around.release();
    this.around.neighbours.stop();
    await Promise.all([...this.writing, this.shelf.settled()]);
    this.around.database.close();
  }

  async forgetMail(): Promise<void> {
    for (const { timer } of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    await Promise.all(this.writing);
    await emptied(this.around.database, ['mail']);
  }

  async wipe(unsent: boolean): Promise<void> {
    this.around.neighbours.end();
    await this.forgetMail();
    await this.close();
    if (!unsent) return;
    await this.around.forgetKey().catch(() => undefined);
    await deleteDatabase(this.who.me.account.id).catch(() => undefined);
  }
}

function conversationName(mail: AccountMail, thread: ThreadId): string {
  return `conversation ${mail.id} ${thread}`;
}

/** The first rows without a hole, with what is known of their conversations. */
function keptOf(mail: AccountMail, list: List): KeptList {
  const hole = list.places.indexOf(undefined);
  const ids = list.places.slice(0, hole < 0 ? FIRST_ROWS : Math.min(hole, FIRST_ROWS)).filter((id) => id !== undefined);
  const threads = new Set(ids.flatMap((id) => mail.records.base(id)?.threadId ?? []));
  const heads = [...threads].flatMap((thread) => mail.records.of(thread)).flatMap((id) => mail.records.base(id) ?? []);
  const named = [...threads].flatMap((thread) => {
    const members = mail.records.threads.get(thread);
    return members === undefined ? [] : [[thread, members] as const];
  });
  return { ids, heads: heads.map(headOnly), threads: named };
}

/** A message that was opened bears its whole structure: a row needs none of it. */
function headOnly({ id, threadId, mailboxIds, keywords, from, to, subject, preview, receivedAt, whole }: EmailRecord): EmailRecord {
  return { id, threadId, mailboxIds, keywords, from, to, subject, preview, receivedAt, whole, touched: 0 };
}

/** What is known already is newer. */
function takeMessage(mail: AccountMail, message: RawMessage): void {
  const { records } = mail;
  const { bodyValues, ...head } = message;
  if (records.base(message.id)?.whole !== true) records.put(head, LONG_AGO, true);
  if (records.base(message.id) !== undefined && !records.bodies.has(message.id)) records.bodies.set(message.id, { ...message, bodyValues });
}

/** Flags and folders may have changed since: all is asked for again when the server is back. */
function doubt(mail: AccountMail): void {
  mail.mailboxState = null;
  mail.around.changed();
}
