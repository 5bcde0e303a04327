import { Batch } from '../wire/batch.ts';
import type { AccountId, EmailId, MailboxId, ThreadId } from '../wire/ids.ts';
import type { GetResult, RawHead, RawMailbox, RawMessage, RawThread } from '../wire/jmap-types.ts';
import type { Jmap } from '../wire/jmap.ts';
import { passes, problemOf, type Problem } from '../wire/problems.ts';
import { mendedTexts } from './words/charsets.ts';
import { folderNamed, labelNamed, labelsIn } from './search/known-names.ts';
import { Lane } from './sync/lane.ts';
import type { LocalCopy } from './presence/local-copy.ts';
import { type List, Lists } from './lists/lists.ts';
import { FIRST_WORDS, firstWords, MissingPreviews } from './words/previews.ts';
import { Records } from './lists/records.ts';
import { addConversation, addMailboxes, addMessage, addWindow, HEAD, type Known, MEMBER } from './sync/requests.ts';
import { firstGap, type Place } from './lists/rows.ts';
import type { ListSpec } from './types.ts';

/** What an account tells the store. */
export interface Surroundings {
  readonly jmap: Jmap;
  /** Something that is shown has changed. */
  readonly changed: () => void;
  /** A request went well, or why it didn't. */
  readonly heard: (problem: Problem | null) => void;
  /** The folders in which something is pinned. */
  readonly pins: () => ReadonlySet<MailboxId>;
  /** What the person has chosen, labels among it. */
  readonly settings?: () => Readonly<Record<string, unknown>>;
  /** What this device keeps; null when it keeps nothing, or not yet. */
  readonly copy?: () => LocalCopy | null;
}

/** Rows asked for beyond those on the screen, so that scrolling seldom meets a hole. */
const MARGIN = 10;
/** Each question of a search looks at all that it finds: who scrolls on gets more at once. */
const SEARCH_MARGIN = 170;
/** Rows, conversations or messages asked for in one request. */
const ROWS_AT_ONCE = 200;
const EMAILS_AT_MOST = 6_000;
const BODIES_AT_MOST = 120;

/** One account: what is known of it, and the questions that fill the gaps. Changes and their follow-up are `sync.ts` and `flush.ts`. */
export class AccountMail {
  readonly id: AccountId;
  readonly records = new Records();
  readonly lists: Lists;
  readonly around: Surroundings;
  /** Whatever changes the server or follows its changes: one at a time. Reading goes beside it. */
  readonly lane = new Lane();
  readonly conversations = new Map<ThreadId, Problem | null>();
  emailState: string | null = null;
  mailboxState: string | null = null;
  /** The page asks by itself: nobody did anything. */
  private unasked = 0;
  private readonly missing = new MissingPreviews();
  private readonly filling = new Map<string, Promise<void>>();
  private readonly opening = new Map<ThreadId, Promise<void>>();

  constructor(id: AccountId, around: Surroundings) {
    this.id = id;
    this.around = around;
    this.lists = new Lists(around.pins, this.records);
  }

  /** What is asked meanwhile is no sign of a person. */
  async byItself(work: () => Promise<void>): Promise<void> {
    this.unasked += 1;
    await work().finally(() => {
      this.unasked -= 1;
    });
  }

  mailboxByRole(role: string): RawMailbox | undefined {
    return [...this.records.mailboxes.values()].find((mailbox) => mailbox.role === role);
  }

  hidden(): readonly MailboxId[] {
    return [...this.lists.hidden()];
  }

  /** What the names in a search mean here. */
  known(): Known {
    const { mailboxes } = this.records;
    return {
      hidden: this.hidden(),
      now: new Date(),
      folder: (name) => folderNamed(name, mailboxes),
      label: (name) => labelNamed(name, labelsIn(this.around.settings?.() ?? {})),
    };
  }

  takeMailboxes({ list, state }: GetResult<RawMailbox, MailboxId>): void {
    this.records.mailboxes.clear();
    for (const mailbox of list) this.records.mailboxes.set(mailbox.id, mailbox);
    this.mailboxState = state;
  }

  takeHeads({ list, state }: GetResult<RawHead & Partial<RawMessage>, EmailId>, askedAt: number): void {
    this.emailState ??= state;
    for (const head of list) this.records.put(head, askedAt, true);
  }

  private takeThreads({ list }: GetResult<RawThread, ThreadId>): void {
    for (const { id, emailIds } of list) this.records.threads.set(id, emailIds);
  }

  /** The folders and, when a list is named, its first rows, in one request. */
  async start(spec: ListSpec | null, rows: number): Promise<void> {
    const batch = new Batch();
    const mailboxes = addMailboxes(batch, this.id);
    const list = spec === null ? null : this.lists.open(spec);
    const window = list === null ? null : addWindow(batch, list, this.known(), { position: 0, limit: rows, anchor: null });
    const askedAt = this.records.clock;
    const answers = await this.around.jmap.send(batch, { background: false });
    this.takeMailboxes(answers.of(mailboxes));
    if (list !== null && window !== null && answers.failure(window.query) === null) {
      this.takeHeads(answers.of(window.heads), askedAt);
      if (window.threads !== null) this.takeThreads(answers.of(window.threads));
      this.lists.window(list, 0, answers.of(window.query).ids, rows);
    }
    this.around.changed();
  }

  /** Fill the holes among the rows on the screen. A second call while one runs only moves the window. */
  fill(list: List, first: number, last: number): Promise<void> {
    list.visible = { first, last };
    const running = this.filling.get(list.key);
    if (running !== undefined) return running;
    const filling = this.fillHoles(list).finally(() => this.filling.delete(list.key));
    this.filling.set(list.key, filling);
    return filling;
  }

  private async fillHoles(list: List): Promise<void> {
    // A list that never comes whole isn't asked for without end; scrolling on begins anew.
    let tries = 8;
    for (let asked = list.visible; tries > 0; tries -= 1) {
      if (!sameRows(asked, list.visible)) [asked, tries] = [list.visible, 8];
      const gap = this.gapOf(list);
      if (gap === null) {
        if (this.lists.forgive(list)) this.around.changed();
        await this.completeVisible(list);
        // One may have scrolled on meanwhile.
        if (this.gapOf(list) === null) break;
      } else if (!(await this.fillGap(list, gap))) return;
    }
    this.around.copy?.()?.listed(this, list);
    this.trim();
  }

  /** The first rows from `first` to `last` that aren't here; beyond what is known of a list there may be more. */
  gapAmong(list: List, first: number, last: number): Rows | null {
    if (list.foreseen) return { first, last: Math.min(last, first + ROWS_AT_ONCE - 1) };
    const gap = firstGap(list.places, first, last, (place) => place === undefined || this.records.base(place) === undefined);
    if (gap !== null) return { first: gap.first, last: Math.min(gap.last, gap.first + ROWS_AT_ONCE - 1) };
    const known = list.places.length;
    return list.exact || last < known ? null : { first: known, last: Math.min(last, known + ROWS_AT_ONCE - 1) };
  }

  /** Fetch all rows from `first` to `last`, wherever the screen is. Stops early when the server can't be reached. */
  async fillAll(list: List, first: number, last: number): Promise<void> {
    // Mail that comes meanwhile may move rows: a few rounds more than the rows need, and no more.
    const rounds = Math.ceil((last - first + 1) / ROWS_AT_ONCE) + 4;
    for (let round = 0; round < rounds; round += 1) {
      const gap = this.gapAmong(list, first, last);
      if (gap === null || !(await this.fillGap(list, gap))) return;
    }
  }

  private async fillGap(list: List, gap: Rows): Promise<boolean> {
    try {
      await this.ask(list, gap.first, gap.last - gap.first + 1);
      this.around.heard(null);
      return true;
    } catch (caught) {
      const problem = problemOf(caught);
      this.around.heard(problem);
      const kept = list.places.length === 0 && (await this.isKept(problem, (copy) => copy.findList(this, list)));
      list.problem = kept ? null : problem;
      if (list.places.length === 0 && !kept) list.state = 'failed';
      return false;
    } finally {
      this.around.changed();
    }
  }

  private gapOf(list: List): Rows | null {
    const { first, last } = list.visible;
    if (list.state !== 'ready' || list.stale) return { first: list.stale ? Math.max(0, first - MARGIN) : first, last: last + MARGIN };
    const missing = (place: Place) => place === undefined || this.records.base(place)?.whole !== true;
    const gap = firstGap(list.places, first, last, missing);
    if (gap !== null) return { first: gap.first, last: Math.max(gap.last, last + MARGIN) };
    const more = list.spec.search === null ? MARGIN : SEARCH_MARGIN;
    return !list.exact && last >= list.places.length ? { first: list.places.length, last: last + more } : null;
  }

  private async ask(list: List, position: number, limit: number): Promise<void> {
    const before = position > 0 && !list.stale ? list.places[position - 1] : undefined;
    const batch = new Batch();
    const window = addWindow(batch, list, this.known(), { position, limit, anchor: before ?? null });
    const askedAt = this.records.clock;
    list.stale = false;
    const answers = await this.around.jmap.send(batch, { background: this.unasked > 0 });
    if (before !== undefined && answers.failure(window.query)?.type === 'anchorNotFound') {
      list.stale = true;
      return;
    }
    this.takeHeads(answers.of(window.heads), askedAt);
    if (window.threads !== null) this.takeThreads(answers.of(window.threads));
    this.lists.window(list, position, answers.of(window.query).ids, limit);
  }

  /** Get to know the conversations of the rows on the screen: their other messages' senders and flags. */
  private async completeVisible(list: List): Promise<void> {
    const { first, last } = list.visible;
    if (list.spec.flat !== true) {
      const threads = list.places.slice(first, last + 1).flatMap((id) => (id === undefined ? [] : (this.records.base(id)?.threadId ?? [])));
      await this.complete(threads, false);
    }
    await this.findPreviews(list.places.slice(first, last + 1));
  }

  /** Read the first words of the rows that came without any. */
  private async findPreviews(places: readonly Place[]): Promise<void> {
    const heads = places.flatMap((id) => (id === undefined ? [] : (this.records.base(id) ?? [])));
    const ids = this.missing.among(heads.filter(({ whole }) => whole));
    if (ids.length === 0) return;
    const batch = new Batch();
    const call = batch.add('Email/get', { accountId: this.id, ids, ...FIRST_WORDS });
    try {
      const { list } = (await this.around.jmap.send(batch, { background: true })).of(call);
      for (const message of list) this.records.preview(message.id, firstWords(message));
      this.around.changed();
    } catch (caught) {
      this.around.heard(problemOf(caught));
    }
  }

  /** Look up what conversations hold, in two questions, so that the many of a single message cost little. */
  async complete(wanted: readonly ThreadId[], whole: boolean): Promise<boolean> {
    try {
      await this.completeOrThrow(wanted, whole);
      return true;
    } catch (caught) {
      this.around.heard(problemOf(caught));
      return false;
    }
  }

  async completeOrThrow(wanted: readonly ThreadId[], whole = false): Promise<void> {
    const threads = [...new Set(wanted)].filter((thread) => !this.records.complete(thread));
    if (threads.length === 0) return;
    const unknown = threads.filter((thread) => this.records.named(thread) === undefined);
    for (const some of slices(unknown)) await this.askThreads(some);
    const emails = threads.flatMap((thread) => this.records.named(thread) ?? []).filter((id) => this.records.base(id) === undefined);
    for (const some of slices(emails)) await this.askEmails(some, whole);
    this.around.changed();
  }

  private async askThreads(ids: readonly ThreadId[]): Promise<void> {
    const batch = new Batch();
    const call = batch.add('Thread/get', { accountId: this.id, ids });
    const answers = await this.around.jmap.send(batch, { background: true });
    this.takeThreads(answers.of(call));
  }

  async askEmails(ids: readonly EmailId[], whole: boolean): Promise<void> {
    const batch = new Batch();
    const call = batch.add('Email/get', { accountId: this.id, ids, properties: whole ? HEAD : MEMBER });
    const askedAt = this.records.clock;
    const { list, notFound } = (await this.around.jmap.send(batch, { background: true })).of(call);
    for (const email of list) this.records.put(email, askedAt, whole);
    for (const id of notFound) this.records.remove(id);
  }

  /** Fetch a conversation with its texts, unless it is here. */
  open(thread: ThreadId): Promise<void> {
    const here = this.records.complete(thread) && this.records.named(thread)?.every((id) => this.records.bodies.has(id)) === true;
    this.around.copy?.()?.opened(this, thread);
    if (here) {
      this.conversations.delete(thread);
      return Promise.resolve();
    }
    const running = this.opening.get(thread);
    if (running !== undefined) return running;
    const opening = this.fetchConversation(thread).finally(() => this.opening.delete(thread));
    this.opening.set(thread, opening);
    return opening;
  }

  private async fetchConversation(thread: ThreadId): Promise<void> {
    const batch = new Batch();
    const { threads, messages } = addConversation(batch, this.id, thread);
    const askedAt = this.records.clock;
    try {
      const answers = await this.around.jmap.send(batch, { background: this.unasked > 0 });
      const { list } = answers.of(messages);
      if (threads !== null) this.takeThreads(answers.of(threads));
      for (const message of list) this.takeMessage(message, askedAt);
      void this.mendTexts(list);
      this.conversations.set(thread, list.length === 0 ? { kind: 'not-found' } : null);
      this.around.copy?.()?.opened(this, thread);
      this.around.heard(null);
    } catch (caught) {
      const problem = problemOf(caught);
      this.conversations.set(thread, (await this.isKept(problem, (copy) => copy.findConversation(this, thread))) ? null : problem);
      this.around.heard(problem);
    }
    this.around.changed();
  }

  /** Whether this device has what the server can't give now. */
  private async isKept(problem: Problem, find: (copy: LocalCopy) => Promise<boolean>): Promise<boolean> {
    const copy = this.around.copy?.() ?? null;
    return copy !== null && passes(problem) && (await find(copy));
  }

  private takeMessage(message: RawHead & Partial<RawMessage>, askedAt: number): void {
    const { bodyValues, ...head } = message;
    this.records.put(head, askedAt, true);
    if (bodyValues !== undefined) {
      this.records.bodies.delete(message.id);
      this.records.bodies.set(message.id, message as RawMessage);
    }
  }

  /** Texts that came with wrong characters are read again from their bytes; what can't be had stays as it came. */
  private async mendTexts(messages: readonly (RawHead & Partial<RawMessage>)[]): Promise<void> {
    for (const message of messages) {
      const mended = await mendedTexts(message, (part) => this.around.jmap.bytes(this.id, part));
      const known = this.records.bodies.get(message.id);
      if (mended === null || known === undefined || known.bodyValues !== message.bodyValues) continue;
      this.records.bodies.set(message.id, { ...known, bodyValues: mended });
      this.around.changed();
    }
  }

  /** A message's text without the limit. */
  async openWhole(email: EmailId): Promise<void> {
    const batch = new Batch();
    const call = addMessage(batch, this.id, email);
    const askedAt = this.records.clock;
    try {
      const { list } = (await this.around.jmap.send(batch, { background: false })).of(call);
      for (const message of list) this.takeMessage(message, askedAt);
      void this.mendTexts(list);
      this.around.heard(null);
    } catch (caught) {
      this.around.heard(problemOf(caught));
    }
    this.around.changed();
  }

  /** The messages whose rows or texts are being shown. */
  onScreen(): readonly EmailId[] {
    const shown = new Set<EmailId>();
    for (const { places, visible } of this.lists.all()) {
      for (const id of places.slice(visible.first, visible.last + 1)) if (id !== undefined) shown.add(id);
    }
    for (const id of [...this.records.bodies.keys()].reverse()) shown.add(id);
    return [...shown];
  }

  /** Forget what was seen longest ago, once there is much of it. */
  private trim(): void {
    for (const id of this.records.bodies.keys()) {
      if (this.records.bodies.size <= BODIES_AT_MOST) break;
      this.records.bodies.delete(id);
    }
    if (this.records.size > EMAILS_AT_MOST) this.trimEmails();
  }

  private trimEmails(): void {
    const kept = new Set<EmailId>();
    for (const list of this.lists.all()) {
      const { first, last } = list.visible;
      for (const id of list.places.slice(Math.max(0, first - 200), last + 200)) if (id !== undefined) kept.add(id);
    }
    for (const id of this.records.ids()) {
      if (this.records.size <= EMAILS_AT_MOST / 2) break;
      if (!kept.has(id) && !this.records.isPending(id) && !this.records.bodies.has(id)) this.records.forget(id);
    }
  }
}

interface Rows {
  readonly first: number;
  readonly last: number;
}

function sameRows(one: Rows, other: Rows): boolean {
  return one.first === other.first && one.last === other.last;
}

function slices<Each>(all: readonly Each[]): readonly (readonly Each[])[] {
  return Array.from({ length: Math.ceil(all.length / ROWS_AT_ONCE) }, (_, at) => all.slice(at * ROWS_AT_ONCE, (at + 1) * ROWS_AT_ONCE));
}
