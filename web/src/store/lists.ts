import type { AccountId, EmailId, MailboxId, ThreadId } from '../wire/ids.ts';
import type { EmailRecord, Records } from './records.ts';
import { distrustAfterHole, type Place, placeThread, resize, writeWindow } from './rows.ts';
import type { ListSpec, ListView, Problem } from './types.ts';

/** A list as the server has it, known in pieces. */
export interface List {
  readonly key: string;
  readonly spec: ListSpec;
  places: Place[];
  /** The message that stands for each conversation. */
  readonly heads: Map<ThreadId, EmailId>;
  exact: boolean;
  state: ListView['state'];
  problem: Problem | null;
  /** Something changed that couldn't be followed: ask for the rows on the screen again. */
  stale: boolean;
  visible: { first: number; last: number };
}

export function keyOf(spec: ListSpec): string {
  return JSON.stringify([spec.account, spec.mailbox, spec.only, spec.search]);
}

/** How much longer than what is known a list is drawn when its end is unknown. */
const BEYOND = 20;
const LISTS_AT_MOST = 12;

type Read = (id: EmailId) => EmailRecord | undefined;

/** The lists of one account, kept true by following each change of a message. */
export class Lists {
  private readonly records: Records;
  private readonly byKey = new Map<string, List>();

  constructor(_account: AccountId, records: Records) {
    this.records = records;
  }

  get(spec: ListSpec): List | undefined {
    return this.byKey.get(keyOf(spec));
  }

  all(): IterableIterator<List> {
    return this.byKey.values();
  }

  /** The list, made when it is new; the ones used least lately make room. */
  open(spec: ListSpec): List {
    const key = keyOf(spec);
    const list = this.byKey.get(key) ?? {
      key,
      spec,
      places: [],
      heads: new Map<ThreadId, EmailId>(),
      exact: false,
      state: 'loading' as const,
      problem: null,
      stale: false,
      visible: { first: 0, last: 0 },
    };
    this.byKey.delete(key);
    this.byKey.set(key, list);
    for (const oldest of this.byKey.keys()) {
      if (this.byKey.size <= LISTS_AT_MOST) break;
      this.byKey.delete(oldest);
    }
    return list;
  }

  /** How many rows the server has, when a folder's count tells. */
  lengthOf(list: List): number | null {
    const { mailbox, only, search } = list.spec;
    if (mailbox === null || only !== 'all' || search !== null) return null;
    return this.records.mailboxes.get(mailbox)?.totalThreads ?? null;
  }

  /** Take in the rows that the server gave; fewer than asked for means that the list ends there. */
  window(list: List, position: number, ids: readonly EmailId[], asked: number): void {
    writeWindow(list.places, position, ids);
    const short = ids.length < asked;
    const total = this.lengthOf(list);
    if (short) resize(list.places, position + ids.length);
    else if (total !== null) resize(list.places, Math.max(total, position + ids.length));
    list.exact = short || total !== null || list.exact;
    list.state = 'ready';
    list.problem = null;
    for (const id of ids) this.standIn(list, id);
  }

  /** A listed message now stands for its conversation; should it have left since the question, it goes out again. */
  private standIn(list: List, id: EmailId): void {
    const email = this.records.base(id);
    if (email === undefined) return;
    const standing = list.heads.get(email.threadId);
    if (standing !== undefined && standing !== id) {
      const at = list.places.indexOf(standing);
      if (at >= 0) list.places[at] = undefined;
    }
    list.heads.set(email.threadId, id);
    if (email.touched > 0 && !this.stays(list, email)) this.place(list, email.threadId);
  }

  /** Follow a changed conversation in every list. */
  follow(thread: ThreadId): void {
    for (const list of this.byKey.values()) if (list.state === 'ready') this.place(list, thread);
  }

  private place(list: List, thread: ThreadId): void {
    const standing = list.heads.get(thread);
    const head = this.headOf(list, thread, standing, (id) => this.records.base(id));
    placeThread(list.places, standing, head, (id) => this.records.base(id));
    if (head === undefined) list.heads.delete(thread);
    else list.heads.set(thread, head.id);
  }

  /** The rows as one sees them: the server's, with the changes under way. */
  seen(list: List): readonly Place[] {
    const threads = this.records.pendingThreads();
    if (threads.size === 0 || list.state !== 'ready') return list.places;
    const read: Read = (id) => this.records.email(id);
    const places = [...list.places];
    for (const thread of threads) {
      const standing = list.heads.get(thread);
      placeThread(places, standing, this.headOf(list, thread, standing, read), (id) => this.records.base(id));
    }
    return places;
  }

  /** The newest message of a conversation that belongs to the list. */
  private headOf(list: List, thread: ThreadId, standing: EmailId | undefined, read: Read): EmailRecord | undefined {
    const whole = list.spec.only === 'all' && list.spec.search === null;
    const stood = standing === undefined ? undefined : read(standing);
    // What one has just read stays in the list of unread mail until the list is opened again.
    if (!whole && stood !== undefined && this.stays(list, stood)) return stood;
    const listed = this.records.of(thread).flatMap((id) => {
      const email = read(id);
      return email !== undefined && this.stays(list, email) && enters(list.spec, email) ? [email] : [];
    });
    return newestOf(listed, standing);
  }

  private stays(list: List, email: EmailRecord): boolean {
    const { mailbox } = list.spec;
    if (mailbox !== null) return email.mailboxIds[mailbox] === true;
    const hidden = this.hidden();
    return (Object.keys(email.mailboxIds) as MailboxId[]).some((id) => !hidden.has(id));
  }

  /** Trash and junk: not looked into unless they are opened. */
  hidden(): ReadonlySet<MailboxId> {
    const hidden = new Set<MailboxId>();
    for (const { id, role } of this.records.mailboxes.values()) if (role === 'trash' || role === 'junk') hidden.add(id);
    return hidden;
  }

  /** The folders' counts are new: lists grow or shrink with them, and rows whose place became doubtful are dropped. */
  recount(): void {
    for (const list of this.byKey.values()) {
      const total = this.lengthOf(list);
      if (total === null || list.state !== 'ready' || total === list.places.length) continue;
      if (list.places.includes(undefined)) distrustAfterHole(list.places);
      else list.stale = true;
      resize(list.places, total);
    }
  }

  /** Mark what can't be followed message by message: searches, and rows filtered by flags. */
  doubt(all: boolean): void {
    for (const list of this.byKey.values()) {
      if (all || list.spec.search !== null || list.spec.mailbox === null) list.stale = true;
    }
  }

  /** How many rows to draw. */
  drawn(list: List, places: readonly Place[]): number {
    return list.exact || list.state !== 'ready' ? places.length : places.length + BEYOND;
  }

  /** Everything is to be asked for again; the rows that are still known stay drawn meanwhile. */
  renew(): void {
    for (const list of this.byKey.values()) {
      list.places = list.places.map((id) => (id !== undefined && this.records.base(id) !== undefined ? id : undefined));
      for (const [thread, id] of list.heads) if (this.records.base(id) === undefined) list.heads.delete(thread);
      list.stale = true;
    }
  }
}

/** Among messages of the same second the one that stands stays, so that nothing moves without a reason. */
function newestOf(emails: readonly EmailRecord[], standing: EmailId | undefined): EmailRecord | undefined {
  let newest: EmailRecord | undefined;
  for (const email of emails) {
    const later = newest === undefined || email.receivedAt > newest.receivedAt;
    if (later || (email.receivedAt === newest?.receivedAt && email.id === standing)) newest = email;
  }
  return newest;
}

function enters({ only, search }: ListSpec, email: EmailRecord): boolean {
  if (search !== null) return false;
  switch (only) {
    case 'all':
      return true;
    case 'unread':
      return email.keywords['$seen'] !== true;
    case 'starred':
      return email.keywords['$flagged'] === true;
  }
}
