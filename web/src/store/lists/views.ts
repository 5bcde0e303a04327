import type { AccountId, EmailId, MailboxId, ThreadId } from '../../wire/ids.ts';
import type { RawMailbox, RawMessage } from '../../wire/jmap-types.ts';
import type { AccountMail } from '../account.ts';
import { addCounts, countsAhead } from './counts.ts';
import { aloneEmail } from '../sync/alone.ts';
import { keyOf, type List, unitOf } from './lists.ts';
import { membersOf, readBody, readMailboxes, readMessage, readRow } from './read.ts';
import type { EmailRecord } from './records.ts';
import type { ConversationRef, ConversationView, ListSpec, ListView, Mailbox, Message, MessageBody, Problem, Row } from '../types.ts';

const NO_RIGHTS: RawMailbox['myRights'] = {
  mayReadItems: true, mayAddItems: false, mayRemoveItems: false, maySetSeen: false, maySetKeywords: false,
  mayCreateChild: false, mayRename: false, mayDelete: false,
};

interface CachedRow {
  readonly parts: readonly unknown[];
  readonly row: Row;
}

function stateOf(messages: readonly Message[], problem: Problem | null): ConversationView['state'] {
  if (messages.length > 0 && messages.every(({ body }) => body !== null)) return 'ready';
  return problem === null ? 'loading' : 'failed';
}

function notYet(spec: ListSpec): ListView {
  return { spec, exact: false, state: 'loading', problem: null, length: 0, row: () => undefined, indexOf: () => -1 };
}

function byDate(one: EmailRecord, other: EmailRecord): number {
  return one.receivedAt < other.receivedAt ? -1 : Number(one.receivedAt > other.receivedAt);
}

function same(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}

/** What screens see of one account: made when asked for, and the same object as long as nothing in it changed. */
export class Views {
  private readonly mail: AccountMail;
  private version = 0;
  private mailboxesAt = -1;
  private shownMailboxes: readonly Mailbox[] = [];
  private readonly lists = new Map<string, { readonly at: number; readonly view: ListView }>();
  private readonly rows = new Map<ThreadId, CachedRow>();
  private readonly conversations = new Map<string, { readonly at: number; readonly view: ConversationView }>();
  private readonly bodies = new WeakMap<RawMessage, MessageBody>();
  private readonly messages = new Map<EmailId, { readonly email: EmailRecord; readonly raw: RawMessage | undefined; readonly message: Message }>();

  constructor(mail: AccountMail) {
    this.mail = mail;
  }

  changed(): void {
    this.version += 1;
    if (this.rows.size > 2_000) this.rows.clear();
    if (this.messages.size > 500) this.messages.clear();
  }

  mailboxes(locale: string, flat: boolean): readonly Mailbox[] {
    if (this.mailboxesAt === this.version) return this.shownMailboxes;
    const ahead = countsAhead(this.mail.records);
    const raw = this.folders().map((mailbox) => addCounts(mailbox, ahead.get(mailbox.id)));
    const known = new Map(this.shownMailboxes.map((mailbox) => [mailbox.id, mailbox]));
    const fresh = readMailboxes(this.mail.id, raw, locale, flat).map((mailbox) => {
      const before = known.get(mailbox.id);
      return before !== undefined && JSON.stringify(before) === JSON.stringify(mailbox) ? before : mailbox;
    });
    this.mailboxesAt = this.version;
    if (!same(fresh, this.shownMailboxes)) this.shownMailboxes = fresh;
    return this.shownMailboxes;
  }

  /** The folders with those under way: made, renamed, deleted. */
  private folders(): readonly RawMailbox[] {
    const folders = new Map(this.mail.records.mailboxes);
    for (const change of this.mail.records.pending()) {
      switch (change.kind) {
        case 'create-folder': {
          const id = `new:${change.id}` as MailboxId;
          folders.set(id, {
            id, name: change.name, parentId: change.parent, role: null, sortOrder: 10, totalEmails: 0, unreadEmails: 0,
            totalThreads: 0, unreadThreads: 0, myRights: NO_RIGHTS,
          });
          break;
        }
        case 'rename-folder': {
          const folder = folders.get(change.mailbox);
          if (folder !== undefined) folders.set(folder.id, { ...folder, name: change.name });
          break;
        }
        case 'move-folder': {
          const folder = folders.get(change.mailbox);
          if (folder !== undefined) folders.set(folder.id, { ...folder, parentId: change.parent });
          break;
        }
        case 'delete-folder':
          folders.delete(change.mailbox);
          break;
        case 'patch':
        case 'destroy':
          break;
      }
    }
    return [...folders.values()];
  }

  list(spec: ListSpec): ListView {
    const key = keyOf(spec);
    const cached = this.lists.get(key);
    if (cached?.at === this.version) return cached.view;
    const list = this.mail.lists.get(spec);
    if (this.lists.size > 20) this.lists.clear();
    const view = list === undefined ? notYet(spec) : this.readList(list);
    this.lists.set(key, { at: this.version, view });
    return view;
  }

  private readList(list: List): ListView {
    const places = this.mail.lists.seen(list);
    const { spec, exact, state, problem } = list;
    return {
      spec, exact, state, problem,
      length: this.mail.lists.drawn(list, places),
      row: (index) => {
        const id = places[index];
        return id === undefined ? undefined : this.row(id, spec);
      },
      indexOf: (thread) => {
        const alone = aloneEmail(thread);
        if (alone !== null) return places.indexOf(alone);
        const standing = list.heads.get(thread);
        const at = standing === undefined ? -1 : places.indexOf(standing);
        if (at >= 0) return at;
        return places.findIndex((id) => id !== undefined && this.mail.records.base(id)?.threadId === thread);
      },
    };
  }

  private row(id: EmailId, spec: ListSpec): Row | undefined {
    const head = this.mail.records.email(id);
    if (head?.whole !== true) return undefined;
    const thread = unitOf(spec, head);
    const members = thread === head.threadId ? membersOf(this.mail.records, head, this.mail.lists.hidden()) : [head];
    const count = this.mail.records.complete(thread) ? members.length : null;
    const parts = [head, count, ...members];
    const cached = this.rows.get(thread);
    if (cached !== undefined && same(cached.parts, parts)) return cached.row;
    const row = readRow({ account: this.mail.id, thread }, head, members, count);
    this.rows.set(thread, { parts, row });
    return row;
  }

  conversation(ref: ConversationRef, opened: MailboxId | null): ConversationView {
    const key = `${ref.thread} ${opened ?? ''}`;
    const cached = this.conversations.get(key);
    if (cached?.at === this.version) return cached.view;
    if (this.conversations.size > 20) this.conversations.clear();
    const view = this.readConversation(ref, opened, cached?.view);
    this.conversations.set(key, { at: this.version, view });
    return view;
  }

  private readConversation(ref: ConversationRef, opened: MailboxId | null, before: ConversationView | undefined): ConversationView {
    const messages = this.shownOf(ref.thread, opened).sort(byDate).map((email) => this.message(email));
    const problem = this.mail.conversations.get(ref.thread) ?? null;
    const state = stateOf(messages, problem);
    if (before?.state === state && before.problem === problem && same(before.messages, messages)) return before;
    return { account: ref.account, thread: ref.thread, state, problem, subject: messages[0]?.subject ?? '', messages };
  }

  /** A conversation's messages, without those thrown away unless one is looking there; all of them when none is left. */
  private shownOf(thread: ThreadId, opened: MailboxId | null): EmailRecord[] {
    const { records, lists } = this.mail;
    const hidden = lists.hidden();
    const inHidden = opened !== null && hidden.has(opened) ? opened : null;
    const shown = (id: MailboxId) => (inHidden === null ? !hidden.has(id) : id === inHidden);
    const order = records.named(thread) ?? records.of(thread);
    const known = order.flatMap((id) => records.email(id) ?? []).filter((email) => email.whole);
    const visible = known.filter((email) => (Object.keys(email.mailboxIds) as MailboxId[]).some(shown));
    return visible.length > 0 ? visible : known;
  }

  message(email: EmailRecord): Message {
    const raw = this.mail.records.bodies.get(email.id);
    const cached = this.messages.get(email.id);
    if (cached?.email === email && cached.raw === raw) return cached.message;
    const message = readMessage(this.mail.id, email, raw, raw === undefined ? null : this.body(this.mail.id, raw));
    this.messages.set(email.id, { email, raw, message });
    return message;
  }

  private body(account: AccountId, raw: RawMessage): MessageBody {
    let body = this.bodies.get(raw);
    if (body === undefined) {
      body = readBody(account, raw);
      this.bodies.set(raw, body);
    }
    return body;
  }
}
