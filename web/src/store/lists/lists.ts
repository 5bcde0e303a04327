import type { EmailId, MailboxId, ThreadId } from '../../wire/ids.ts';
import { aloneThread } from '../sync/alone.ts';
import type { EmailRecord, Records } from './records.ts';
import { PINNED } from '../sync/requests.ts';
import { type Dated, distrustAfterHole, type Place, placeByDate, placeThread, resize, writeWindow } from './rows.ts';
import { namesPlace } from '../search/search.ts';
import { readTerms } from '../search/search-terms.ts';
import type { ListSpec, ListView, Problem } from '../types.ts';

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
  /** These rows are what was found here; the server hasn't answered yet. */
  foreseen: boolean;
  /** What is pinned comes first. */
  pinned: boolean;
  /** What was opened in this list: it stays, even if a search no longer finds it (read now, and one looks for unread). */
  readonly kept: Set<EmailId>;
  visible: { first: number; last: number };
}

export function keyOf(spec: ListSpec): string {
  return JSON.stringify([spec.account, spec.mailbox, spec.only, spec.search, spec.keyword, spec.flat]);
}

/** How much longer than what is known a list is drawn when its end is unknown. */
const BEYOND = 20;
const LISTS_AT_MOST = 12;

type Read = (id: EmailId) => EmailRecord | undefined;

/** The lists of one account, kept true by following each change of a message. */
export class Lists {
  private readonly pins: () => ReadonlySet<MailboxId>;
  private readonly records: Records;
  private readonly byKey = new Map<string, List>();

  constructor(pins: () => ReadonlySet<MailboxId>, records: Records) {
    this.pins = pins;
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
    const known = this.byKey.get(key);
    const pinned = isWhole(spec) && spec.mailbox !== null && this.pins().has(spec.mailbox);
    const list = known ?? {
      key,
      spec,
      places: [],
      heads: new Map<ThreadId, EmailId>(),
      exact: false,
      state: 'loading' as const,
      problem: null,
      stale: false,
      foreseen: false,
      pinned,
      kept: new Set<EmailId>(),
      visible: { first: 0, last: 0 },
    };
    // The same rows in another order.
    if (list.pinned !== pinned) list.stale = list.state === 'ready';
    list.pinned = pinned;
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
    const { mailbox, flat } = list.spec;
    const counts = mailbox === null || !isWhole(list.spec) ? undefined : this.records.mailboxes.get(mailbox);
    return (flat === true ? counts?.totalEmails : counts?.totalThreads) ?? null;
  }

  /** Take in the rows that the server gave; fewer than asked for means that the list ends there. */
  window(list: List, position: number, ids: readonly EmailId[], asked: number): void {
    if (list.foreseen) this.foresee(list, []);
    list.foreseen = false;
    writeWindow(list.places, position, ids);
    const short = ids.length < asked;
    const total = this.lengthOf(list);
    if (short) resize(list.places, position + ids.length);
    else if (total !== null) resize(list.places, Math.max(total, position + ids.length));
    list.exact = short || total !== null || list.exact;
    list.state = 'ready';
    list.problem = null;
    for (const id of ids) this.standIn(list, id);
    this.putBack(list);
  }

  /** Nothing is missing among the rows on the screen any more; whether something was. */
  forgive(list: List): boolean {
    const failed = list.problem !== null;
    list.problem = null;
    return failed;
  }

  /** Show what was found here until the server has answered. */
  foresee(list: List, ids: readonly EmailId[]): void {
    list.places = [...ids];
    list.heads.clear();
    list.foreseen = true;
    for (const id of ids) this.standIn(list, id);
  }

  /** A search that was asked again shows what was opened in it where it was, as long as its place is sure. */
  private putBack(list: List): void {
    for (const id of list.kept) {
      const email = this.records.base(id);
      if (email === undefined || list.places.includes(id) || !this.stays(list, email)) continue;
      const { index, sure } = placeByDate(list.places, email, (other) => this.dated(list, this.records.base(other)));
      if (!sure) continue;
      list.places.splice(index, 0, id);
      list.heads.set(unitOf(list.spec, email), id);
    }
  }

  /** A message with the date that orders it: what is pinned counts as newer than anything. */
  private dated(list: List, email: EmailRecord | undefined): Dated | undefined {
    return email === undefined || !list.pinned || email.keywords[PINNED] !== true ? email : { ...email, receivedAt: `~${email.receivedAt}` };
  }

  /** A listed message now stands for its conversation; should it have left since the question, it goes out again. */
  private standIn(list: List, id: EmailId): void {
    const email = this.records.base(id);
    if (email === undefined) return;
    const unit = unitOf(list.spec, email);
    const standing = list.heads.get(unit);
    if (standing !== undefined && standing !== id) {
      const at = list.places.indexOf(standing);
      if (at >= 0) list.places[at] = undefined;
    }
    list.heads.set(unit, id);
    if (email.touched > 0 && !this.stays(list, email)) this.place(list, unit);
  }

  /** Follow a changed conversation in every list. */
  follow(thread: ThreadId): void {
    for (const list of this.byKey.values()) {
      if (list.state !== 'ready') continue;
      for (const unit of this.unitsOf(list, thread)) this.place(list, unit);
    }
  }

  /** What a conversation is in a list: itself, or each of its messages, those gone included. */
  private unitsOf({ spec, heads }: List, thread: ThreadId): readonly ThreadId[] {
    if (spec.flat !== true) return [thread];
    const gone = [...heads].flatMap(([unit, id]) => (this.records.base(id) === undefined ? [unit] : []));
    return [...gone, ...this.records.of(thread).map(aloneThread)];
  }

  private place(list: List, thread: ThreadId): void {
    const standing = list.heads.get(thread);
    const head = this.headOf(list, thread, standing, (id) => this.records.base(id));
    placeThread(list.places, standing, this.dated(list, head), (id) => this.dated(list, this.records.base(id)));
    if (head === undefined) list.heads.delete(thread);
    else list.heads.set(thread, head.id);
  }

  /** The rows as one sees them: the server's, with the changes under way. */
  seen(list: List): readonly Place[] {
    const threads = this.records.pendingThreads();
    if (threads.size === 0 || list.state !== 'ready') return list.places;
    const read: Read = (id) => this.records.email(id);
    const places = [...list.places];
    for (const unit of [...threads].flatMap((thread) => this.unitsOf(list, thread))) {
      const standing = list.heads.get(unit);
      const head = this.dated(list, this.headOf(list, unit, standing, read));
      placeThread(places, standing, head, (id) => this.dated(list, this.records.base(id)));
    }
    return places;
  }

  /** The newest message of a conversation that belongs to the list. */
  private headOf(list: List, thread: ThreadId, standing: EmailId | undefined, read: Read): EmailRecord | undefined {
    const followed = list.spec.only === 'all' && list.spec.search === null;
    const stood = standing === undefined ? undefined : read(standing);
    // What one has just read stays in the list of unread mail until the list is opened again.
    if (!followed && stood !== undefined && this.stays(list, stood)) return stood;
    const listed = this.records.of(thread).flatMap((id) => {
      const email = read(id);
      return email !== undefined && this.stays(list, email) && enters(list.spec, email) ? [email] : [];
    });
    const at = (email: EmailRecord) => this.dated(list, email)?.receivedAt ?? '';
    return newestOf(listed, standing, at);
  }

  private stays(list: List, email: EmailRecord): boolean {
    const { mailbox, keyword, search } = list.spec;
    if (keyword !== undefined && email.keywords[keyword] !== true) return false;
    // Only the server knows which folder a search names; it is asked again after each change.
    if (search !== null && namesPlace(readTerms(search))) return true;
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

  /** Mark what can't be followed message by message: searches. */
  doubt(all: boolean): void {
    for (const list of this.byKey.values()) {
      if (all || list.spec.search !== null || (list.spec.mailbox === null && list.spec.keyword === undefined)) list.stale = true;
    }
  }

  /** Something was pinned in these folders, or no longer is: the server puts the rows in order. */
  repin(mailboxes: readonly MailboxId[]): void {
    for (const list of this.byKey.values()) {
      if (list.pinned && list.spec.mailbox !== null && mailboxes.includes(list.spec.mailbox)) list.stale = true;
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
function newestOf(emails: readonly EmailRecord[], standing: EmailId | undefined, at: (email: EmailRecord) => string): EmailRecord | undefined {
  let newest: EmailRecord | undefined;
  for (const email of emails) {
    const later = newest === undefined || at(email) > at(newest);
    if (later || (newest !== undefined && at(email) === at(newest) && email.id === standing)) newest = email;
  }
  return newest;
}

/** All of a folder. */
function isWhole({ only, search, keyword }: ListSpec): boolean {
  return only === 'all' && search === null && keyword === undefined;
}

/** What a message belongs to in a list. */
export function unitOf({ flat }: ListSpec, email: EmailRecord): ThreadId {
  return flat === true ? aloneThread(email.id) : email.threadId;
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
