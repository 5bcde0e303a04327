import { Api } from '../wire/api.ts';
import type { AccountId, MailboxId } from '../wire/ids.ts';
import { Jmap } from '../wire/jmap.ts';
import { Live, type LiveEvent } from '../wire/live.ts';
import { type Problem, problemOf } from '../wire/problems.ts';
import { AccountPart, FIRST_ROWS } from './account-part.ts';
import type { NewChange } from './sync/changes.ts';
import { asChosen, pinnedFolders, readsFlat } from './choices.ts';
import type { Circumstances } from './presence/circumstances.ts';
import { Drafts } from './writing/drafts.ts';
import { Keeper } from './sync/keeper.ts';
import { Link } from './sync/link.ts';
import type { LocalCopy, Who } from './presence/local-copy.ts';
import { Messages } from './messages.ts';
import { OutgoingMail } from './writing/outgoing.ts';
import { Presence } from './presence/presence.ts';
import { Queue } from './sync/queue.ts';
import { MemoryShelf } from './sync/shelf.ts';
import type {
  Account, Connection, ConversationRef, ConversationView, Draft, DraftKey, ListSpec, ListView, Mailbox, Me, Notice, Outgoing, Store, UndoOffer, View,
} from './types.ts';
import { accountsOf, closedSince, meOf } from './presence/who-is-here.ts';

/** Why a page locks without the platform having said so. */
export const UNREACHABLE = 'unreachable';
/** Changes made within this time travel together. */
const GATHER_MS = 60;

/** The one store: what is known of every account, what is being changed, and what the person is looking at. */
export class MailStore implements Store {
  readonly api: Api;
  readonly drafting: Drafts;
  readonly sending: OutgoingMail;
  readonly messages: Messages;
  private readonly link: Link;
  readonly jmap: Jmap;
  readonly live: Live;
  private readonly circumstances: Circumstances;
  private readonly listeners = new Set<() => void>();
  private readonly parts = new Map<AccountId, AccountPart>();
  private keeper: Keeper;
  private queue: Queue;
  private readonly presence: Presence;
  private person: Me | null = null;
  private shownAccounts: readonly Account[] = [];
  private current: View = NOTHING;
  private notifying = false;

  constructor(circumstances: Circumstances) {
    const { road, newId, now, chance } = circumstances;
    this.circumstances = circumstances;
    this.api = new Api(road);
    this.jmap = new Jmap(road);
    this.messages = new Messages(() => this.changed());
    this.link = new Link({
      now, chance,
      changed: () => this.changed(),
      retry: () => void this.resume(),
      signedOut: () => void this.lock(),
    });
    this.presence = new Presence({
      api: this.api, jmap: this.jmap,
      openCopy: (who) => circumstances.openCopy(who, { changed: () => this.changed(), ended: () => this.end(null) }),
      heard: (problem) => this.link.heard(problem),
      retryLater: () => this.link.retryLater(),
      ask: (who, copy) => this.askFirstScreen(who, copy),
      greet: (who) => this.greet(who),
      takeUp: (copy) => this.takeUp(copy),
      resume: () => this.resume(),
      strange: () => this.end(null),
    });
    this.live = new Live(road, (event) => this.told(event), chance);
    this.live.hear('access', () => void this.lookAgain());
    this.keeper = new Keeper(new MemoryShelf(), newId());
    this.queue = this.newQueue();
    const common = { keeper: () => this.keeper, changed: () => this.changed(), heard: (problem: Problem | null) => this.link.heard(problem), now };
    this.drafting = new Drafts({ ...common, jmap: this.jmap, newId, account: (id) => this.part(id).mail, shared: () => this.me()?.sharedComputer ?? false });
    this.sending = new OutgoingMail({
      ...common, api: this.api, drafts: this.drafting,
      sent: (account) => void this.syncSoon(account),
      cameBack: (draft) => this.openComposer(draft, false),
      scheduled: this.scheduled,
    });
  }

  private newQueue(): Queue {
    const { now, chance } = this.circumstances;
    return new Queue(
      this.keeper,
      Math.floor((now() + chance()) * 1_000),
      (account) => {
        this.parts.get(account)?.mail.records.setPending(this.queue.of(account));
        this.changed();
      },
      (change, problem) => {
        const kind = change.kind === 'patch' || change.kind === 'destroy' ? 'change-refused' : 'folder-refused';
        this.messages.note(kind, problem);
        void this.syncSoon(change.account);
      },
    );
  }

  // reading
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  connection(): Connection {
    return this.link.connection;
  }

  me(): Me | null {
    return this.person;
  }

  accounts(): readonly Account[] {
    return this.shownAccounts;
  }

  mailboxes(account: AccountId): readonly Mailbox[] {
    return this.parts.get(account)?.views.mailboxes(this.person?.locale ?? 'fr', readsFlat(this.person)) ?? NONE;
  }

  view(): View {
    return this.current;
  }

  list(spec: ListSpec): ListView {
    return this.part(spec.account).views.list(spec);
  }

  conversation(ref: ConversationRef): ConversationView {
    const opened: MailboxId | null = this.current.list?.mailbox ?? null;
    return this.part(ref.account).views.conversation(ref, opened);
  }

  draft(key: DraftKey): Draft | null {
    return this.drafting.get(key);
  }

  drafts(): readonly Draft[] {
    return this.drafting.all();
  }

  outgoing(): readonly Outgoing[] {
    return this.sending.all();
  }

  undo(): UndoOffer | null {
    return this.messages.offered;
  }

  undone(): number {
    return this.messages.undone;
  }

  notices(): readonly Notice[] {
    return this.messages.notices;
  }

  pending(): number {
    return this.queue.length;
  }

  // for the commands

  part(account: AccountId): AccountPart {
    let part = this.parts.get(account);
    if (part === undefined) {
      part = this.makePart(account);
      this.parts.set(account, part);
    }
    return part;
  }

  private makePart(account: AccountId): AccountPart {
    const part = new AccountPart(account, {
      jmap: this.jmap,
      changed: () => this.changed(),
      heard: (problem) => this.link.heard(problem),
      pins: () => pinnedFolders(this.person),
      settings: () => this.person?.settings ?? {},
      copy: () => this.copy(),
      waiting: () => this.queue.waiting(account),
      objectsAtOnce: () => this.presence.who?.session.maxObjectsInSet ?? 250,
      view: () => this.current,
    });
    part.mail.records.setPending(this.queue.of(account));
    return part;
  }

  look(change: Partial<View>): void {
    this.current = { ...this.current, ...change };
    this.changed();
  }

  openComposer(draft: DraftKey, minimised: boolean): void {
    const others = this.current.composers.filter((open) => open.draft !== draft);
    this.look({ composers: [...others, { draft, minimised }] });
  }

  closeComposer(draft: DraftKey): void {
    this.look({ composers: this.current.composers.filter((open) => open.draft !== draft) });
  }

  /** Change mail: seen at once, sent a moment later. */
  change(changes: readonly NewChange[]): void {
    for (const change of changes) this.queue.add(change);
    for (const account of new Set(changes.map((change) => change.account))) {
      const { flushing } = this.part(account);
      setTimeout(() => void flushing.run(), GATHER_MS);
    }
  }

  amend(change: Partial<Me>): void {
    if (this.person !== null) this.person = { ...this.person, ...change };
    this.changed();
  }

  private readonly scheduled = () => this.amend({ schedule: (this.person?.schedule ?? 0) + 1 });

  // beginning and ending

  readonly start = (): Promise<void> => this.presence.start();

  private greet(who: Who): void {
    this.person = meOf(who);
    this.shownAccounts = accountsOf(who);
    this.showInbox(who.session.primary);
    this.live.start();
    this.changed();
  }

  /** Mailboxes of others were opened to the person, or closed: what is closed leaves page and device at once. */
  private async lookAgain(): Promise<void> {
    const asked = await Promise.all([this.api.me(), this.jmap.session(true)]).catch((caught: unknown) => this.link.heard(problemOf(caught)));
    if (asked === undefined || this.person === null) return;
    const who = { me: asked[0], session: asked[1] };
    const closed = closedSince(this.shownAccounts, who);
    for (const { id } of closed) this.parts.delete(id);
    if (closed.length > 0) {
      this.drafting.bringHome(new Set(closed.map(({ id }) => id)), who.session.primary);
      void this.copy()?.forgetMail();
    }
    const { schedule, settings } = this.person;
    [this.person, this.shownAccounts] = [{ ...meOf(who), schedule, settings }, accountsOf(who)];
    if (closed.some(({ id }) => id === this.current.list?.account)) {
      this.look({ list: null, open: null, selection: new Set(), cursor: 0 });
      this.showInbox(this.person.account);
    }
    this.changed();
    for (const { id } of this.shownAccounts) if (!this.parts.has(id)) void this.syncSoon(id);
  }

  private async takeUp(copy: LocalCopy | null): Promise<void> {
    if (copy !== null) {
      await this.keeper.moveTo(copy.shelf);
      for (const part of this.parts.values()) part.keepShown(copy);
    }
    await this.queue.restore();
    const found = await this.drafting.restore();
    await this.sending.restore();
    for (const { key } of found) if (this.drafting.get(key) !== null && !this.sending.carries(key)) this.openComposer(key, true);
  }

  copy(): LocalCopy | null {
    return this.presence.copy ?? null;
  }

  private inboxOf(account: AccountId, id: MailboxId): ListSpec {
    return asChosen({ account, mailbox: id, only: 'all', search: null }, this.person);
  }

  /** Folders and inbox in one request when the inbox is remembered, else in two; without a network, what is kept of them. */
  private async askFirstScreen(who: Who, copy: LocalCopy | null): Promise<void> {
    this.person = meOf(who);
    const { primary: account, accounts } = who.session;
    if (copy !== null) {
      await Promise.all(accounts.map(({ id }) => copy.findFolders(this.part(id).mail)));
      return;
    }
    const guess = this.circumstances.memory.get('inbox') as MailboxId | null;
    await this.part(account).mail.start(guess === null ? null : this.inboxOf(account, guess), FIRST_ROWS);
  }

  private showInbox(account: AccountId): void {
    const { mail } = this.part(account);
    const found = mail.mailboxByRole('inbox');
    if (found === undefined) return;
    if (this.person?.sharedComputer === false) this.circumstances.memory.set('inbox', found.id);
    const spec = this.inboxOf(account, found.id);
    if (this.current.list === null) this.look({ list: spec });
    void mail.fill(mail.lists.open(spec), 0, FIRST_ROWS - 1);
  }

  /** The page goes away. */
  leave(): void {
    this.drafting.shelveAll();
  }

  /** The session is over, or must be taken for it. */
  end(reason: string | null): void {
    this.link.heard({ kind: 'signed-out', reason, reference: null });
  }

  /** Nobody may look any more. What isn't sent is on the disk, encrypted; here nothing stays, and the key goes. */
  private async lock(): Promise<void> {
    const { connection } = this.link;
    this.drafting.leave();
    this.sending.leave();
    this.queue.leave();
    this.messages.leave();
    this.parts.clear();
    [this.person, this.current, this.shownAccounts] = [null, NOTHING, []];
    this.changed();
    await this.presence.leave()?.close();
    this.stop();
    this.circumstances.locked(connection.kind === 'signed-out' ? connection.reason : null);
  }

  stop(): void {
    this.live.stop();
    this.link.stop();
    this.keeper.release();
  }

  // hearing from the server
  private told(event: LiveEvent): void {
    switch (event.kind) {
      case 'ready':
        void this.resume();
        break;
      case 'broken':
        this.link.retryLater();
        break;
      case 'changed':
        if (this.parts.has(event.account)) void this.syncSoon(event.account);
        break;
      case 'send':
        if (!this.sending.follows(event.id)) this.scheduled();
        void this.sending.tell(event.id, event.state);
        break;
      case 'signed-out':
        this.end(event.reason);
        break;
    }
  }

  /** What the browser says about the network. */
  networkChanged(up: boolean): void {
    if (!up) {
      this.link.heard({ kind: 'offline' });
      return;
    }
    this.live.hurry();
    void this.resume();
  }

  /** After a silence: catch up with the server, then tell it what waits. */
  async resume(): Promise<void> {
    const { who, unsure } = this.presence;
    if (this.link.connection.kind === 'signed-out') return;
    if (who === null || unsure) {
      await this.start();
      return;
    }
    await this.presence.open();
    await Promise.all(this.shownAccounts.map(({ id }) => this.syncSoon(id)));
    if (this.link.connection.kind === 'online') await this.tellWhatWaits();
  }

  private async tellWhatWaits(): Promise<void> {
    for (const account of this.queue.accounts()) void this.part(account).flushing.run();
    await this.drafting.saveKept();
    await this.sending.look();
  }

  async syncSoon(account: AccountId): Promise<void> {
    await this.part(account).syncing.run();
  }

  private changed(): void {
    for (const { views } of this.parts.values()) views.changed();
    if (this.notifying) return;
    this.notifying = true;
    queueMicrotask(() => {
      this.notifying = false;
      for (const listener of this.listeners) listener();
    });
  }
}

const NONE: readonly Mailbox[] = [];
const NOTHING: View = { list: null, open: null, fresh: new Set(), selection: new Set(), cursor: 0, composers: [] };
