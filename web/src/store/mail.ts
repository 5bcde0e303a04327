import { Api, type ApiMe } from '../wire/api.ts';
import type { AccountId, MailboxId } from '../wire/ids.ts';
import { Jmap, type Session } from '../wire/jmap.ts';
import { Live, type LiveEvent } from '../wire/live.ts';
import { problemOf, type Problem } from '../wire/problems.ts';
import type { Road } from '../wire/road.ts';
import { AccountMail } from './account.ts';
import type { NewChange } from './changes.ts';
import { asChosen, pinnedFolders, readsFlat } from './choices.ts';
import { Drafts } from './drafts.ts';
import { flush } from './flush.ts';
import { Keeper } from './keeper.ts';
import { Again } from './lane.ts';
import { Link } from './link.ts';
import { Messages } from './messages.ts';
import { OutgoingMail } from './outgoing.ts';
import { Queue } from './queue.ts';
import { MemoryShelf, type Shelf } from './shelf.ts';
import { sync } from './sync.ts';
import type {
  Account, Connection, ConversationRef, ConversationView, Draft, DraftKey, ListSpec, ListView, Mailbox, Me, Notice, Outgoing, Store, UndoOffer, View,
} from './types.ts';
import { Views } from './views.ts';

export interface Circumstances {
  readonly road: Road;
  readonly openShelf: (person: string) => Promise<Shelf>;
  readonly newId: () => string;
  readonly now: () => number;
  readonly chance: () => number;
  /** Remembers which folder to ask for first, across visits. */
  readonly memory: { get(name: string): string | null; set(name: string, value: string): void };
}

/** Rows of the first question: a screenful. */
const FIRST_ROWS = 20;
/** Changes made within this time travel together. */
const GATHER_MS = 60;

interface AccountPart {
  readonly mail: AccountMail;
  readonly views: Views;
  readonly syncing: Again;
  readonly flushing: Again;
}

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
  private session: Session | null = null;
  private person: Me | null = null;
  private shownAccounts: readonly Account[] = [];
  private current: View = { list: null, open: null, fresh: new Set(), selection: new Set(), cursor: 0, composers: [] };
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
      retry: () => void (this.session === null ? this.start() : this.resume()),
      signedOut: () => this.live.stop(),
    });
    this.live = new Live(road, (event) => this.told(event), chance);
    this.keeper = new Keeper(new MemoryShelf(), newId());
    this.queue = this.newQueue();    const common = { keeper: () => this.keeper, changed: () => this.changed(), heard: (problem: Problem | null) => this.link.heard(problem), now };
    this.drafting = new Drafts({ ...common, jmap: this.jmap, newId, account: (id) => this.part(id).mail });
    this.sending = new OutgoingMail({
      ...common, api: this.api, drafts: this.drafting,
      sent: (account, origin) => this.markOrigin(account, origin),
      cameBack: (draft) => this.openComposer(draft, false),
      scheduled: this.scheduled,
    });
  }

  private newQueue(): Queue {
    return new Queue(
      this.keeper,
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
    const mail = new AccountMail(account, {
      jmap: this.jmap,
      changed: () => this.changed(),
      heard: (problem) => this.link.heard(problem),
      pins: () => pinnedFolders(this.person),
      settings: () => this.person?.settings ?? {},
    });
    mail.records.setPending(this.queue.of(account));
    return {
      mail,
      views: new Views(mail),
      syncing: new Again(() => this.syncOnce(mail)),
      flushing: new Again(() => this.flushOnce(mail)),
    };
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

  /** Ask who one is and show the inbox. Goes on trying while the network is away. */
  async start(): Promise<void> {
    try {
      const [me, session] = await Promise.all([this.api.me(), this.jmap.session(false)]);
      await this.welcome(me, session);
    } catch (caught) {
      this.link.heard(problemOf(caught));
      this.link.retryLater();
    }
  }

  private async welcome(me: ApiMe, session: Session): Promise<void> {
    this.session = session;
    this.person = {
      name: me.account.name, address: me.account.address, account: session.primary, academy: me.academy,
      identities: me.identities, signature: me.signature, outside: me.outside, limits: me.limits, locale: me.locale === 'en' ? 'en' : 'fr', theme: me.theme,
      sharedComputer: me.sharedComputer, settings: me.settings, schedule: 0, waiting: me.waiting,
    };
    const names = new Map(me.shared.map(({ mailboxKey, name }) => [mailboxKey, name]));
    this.shownAccounts = session.accounts.map((account) => ({
      ...account, name: account.id === session.primary ? me.account.name : (names.get(account.id) ?? account.name),
    }));
    // The server is asked while this device opens what it kept; nothing can be changed before both are there.
    await Promise.all([this.openQueue(me.account.id), this.askFirstScreen(session.primary)]);
    this.showInbox(session.primary);
    this.link.heard(null);
    this.live.start();
    for (const { id } of this.shownAccounts) if (id !== session.primary) void this.syncSoon(id);
    for (const draft of await this.drafting.restore()) this.openComposer(draft.key, true);
    await this.sending.restore();
    await this.tellWhatWaits();
  }

  private async openQueue(person: string): Promise<void> {
    this.keeper.release();
    this.keeper = new Keeper(await this.circumstances.openShelf(person), this.circumstances.newId());
    this.queue = this.newQueue();
    await this.queue.restore();
  }

  private inboxOf(account: AccountId, id: MailboxId): ListSpec {
    return asChosen({ account, mailbox: id, only: 'all', search: null }, this.person);
  }

  /** Folders and inbox in one request when the inbox is remembered, else in two. */
  private async askFirstScreen(account: AccountId): Promise<void> {
    const guess = this.circumstances.memory.get(`inbox:${account}`) as MailboxId | null;
    await this.part(account).mail.start(guess === null ? null : this.inboxOf(account, guess), FIRST_ROWS);
  }

  private showInbox(account: AccountId): void {
    const { mail } = this.part(account);
    const found = mail.mailboxByRole('inbox');
    if (found === undefined) return;
    this.circumstances.memory.set(`inbox:${account}`, found.id);
    const spec = this.inboxOf(account, found.id);
    if (this.current.list === null) this.look({ list: spec });
    void mail.fill(mail.lists.open(spec), 0, FIRST_ROWS - 1);
  }

  /** The page goes away. */
  leave(): void {
    this.drafting.shelveAll();
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
        this.link.heard({ kind: 'signed-out', reason: event.reason, reference: null });
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
    if (this.session === null || this.link.connection.kind === 'signed-out') return;
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

  private async syncOnce(mail: AccountMail): Promise<void> {
    try {
      await mail.lane.run(() => sync(mail));
      this.link.heard(null);
    } catch (caught) {
      this.link.heard(problemOf(caught));
      return;
    }
    await this.refill(mail);
  }

  /** What is on the screen and became doubtful is asked for again; the rest waits until it is looked at. */
  private async refill(mail: AccountMail): Promise<void> {
    const { list: spec, open } = this.current;
    if (spec?.account === mail.id) {
      const list = mail.lists.open(spec);
      await mail.fill(list, list.visible.first, Math.max(list.visible.last, FIRST_ROWS - 1));
    }
    if (open?.account === mail.id) await mail.open(open.thread);
  }

  private async flushOnce(mail: AccountMail): Promise<void> {
    const waiting = this.queue.waiting(mail.id);
    try {
      while (await mail.lane.run(() => flush(mail, waiting, this.session?.maxObjectsInSet ?? 250)));
      this.link.heard(null);
    } catch (caught) {
      this.link.heard(problemOf(caught));
      return;
    }
    await this.refill(mail);
  }

  private markOrigin(account: AccountId, origin: Parameters<typeof originPatch>[1]): void {
    const change = originPatch(account, origin);
    if (change !== null) this.change([change]);
    void this.syncSoon(account);
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

function originPatch(account: AccountId, origin: NonNullable<ReturnType<MailStore['draft']>>['content']['origin']): NewChange | null {
  if (origin === null) return null;
  const keyword = origin.kind === 'reply' ? '$answered' : '$forwarded';
  return { kind: 'patch', account, patches: { [origin.email]: { keywords: { [keyword]: true } } }, rest: null };
}
