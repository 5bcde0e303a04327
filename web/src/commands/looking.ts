import { keyword } from './rules.ts';
import { asChosen } from '../store/choices.ts';
import type { AccountMail } from '../store/account.ts';
import type { List } from '../store/lists/lists.ts';
import type { nearHits } from '../store/search/near.ts';
import type { MailStore } from '../store/mail.ts';
import type { ConversationRef, EmailId, ListSpec, MailboxId, Row, ThreadId } from '../store/types.ts';
import { plan } from './targets.ts';

const FIRST_ROWS = 20;
/** More rows than this aren't taken by one gesture: each has to be fetched before it can be acted on. */
const SELECTED_AT_MOST = 1_000;
/** Where what is known here fills the screen already, the server is asked once one has stopped typing for good. */
const LATER_MS = 500;
const NOTHING_OPEN = { open: null, fresh: new Set<EmailId>(), selection: new Set<ThreadId>(), cursor: 0 };

/** Where one goes: folders, searches, conversations, rows. */
export class Looking {
  private readonly store: MailStore;
  /** The folder to come back to when a search ends. */
  private folder: ListSpec | null = null;
  private lastSelected: ThreadId | null = null;
  /** Rows that are to be selected are still on their way. */
  private gathering: Promise<void> | null = null;
  private near: typeof nearHits | null = null;
  /** A search that the server is to be asked for in a moment. */
  private later: ReturnType<typeof setTimeout> | null = null;

  constructor(store: MailStore) {
    this.store = store;
  }

  openList(wanted: ListSpec): void {
    const spec = asChosen(wanted, this.store.me());
    if (spec.search === null) this.folder = spec;
    const { mail } = this.store.part(spec.account);
    const list = mail.lists.open(spec);
    list.kept.clear();
    // Flags may have changed since: what a filter hides or shows is asked for again.
    if (spec.only !== 'all' || spec.search !== null) list.stale = list.state === 'ready';
    list.visible = { first: 0, last: FIRST_ROWS - 1 };
    if (list.state === 'failed') list.state = 'loading';
    this.gathering = null;
    this.store.look({ list: spec, ...NOTHING_OPEN });
    if (this.later !== null) clearTimeout(this.later);
    this.later = null;
    const ask = (): void => {
      this.later = null;
      void mail.fill(list, 0, FIRST_ROWS - 1);
    };
    if (spec.search !== null && this.foresee(mail, list) >= FIRST_ROWS) this.later = setTimeout(ask, LATER_MS);
    else ask();
  }

  /** Shows what a search finds among the messages that are known here; how many those are. */
  private foresee(mail: AccountMail, list: List): number {
    const { search, mailbox, flat } = list.spec;
    if (search === null || list.state !== 'loading') return 0;
    if (this.near === null) {
      void import('../store/search/near.ts').then((near) => {
        this.near = near.nearHits;
        if (this.foresee(mail, list) > 0) this.store.look({});
      });
      return 0;
    }
    const found = this.near(mail.records, search, { mailbox, flat: flat === true, known: mail.known() });
    mail.lists.foresee(list, found);
    return found.length;
  }

  filter(only: ListSpec['only']): void {
    const { list } = this.store.view();
    if (list !== null) this.openList({ ...list, only });
  }

  search(text: string, everywhere: boolean): void {
    const { list } = this.store.view();
    if (list === null) return;
    if (list.search === null) this.folder = list;
    const folder = this.folder ?? list;
    if (text.trim() === '') this.openList(folder);
    else this.openList({ account: list.account, mailbox: everywhere ? null : folder.mailbox, only: 'all', search: text.trimStart() });
  }

  showRows(first: number, last: number): void {
    const { list } = this.store.view();
    if (list === null) return;
    if (this.later !== null) return;
    const { mail } = this.store.part(list.account);
    void mail.fill(mail.lists.open(list), first, last);
  }

  moveCursor(to: number): void {
    const { list } = this.store.view();
    const length = list === null ? 0 : this.store.list(list).length;
    this.store.look({ cursor: Math.max(0, Math.min(to, length - 1)) });
  }

  /** Show a conversation; what was unread in it is read from then on. */
  async openConversation(ref: ConversationRef): Promise<void> {
    const { mail } = this.store.part(ref.account);
    const { list, cursor } = this.store.view();
    const at = list?.account === ref.account ? this.store.list(list).indexOf(ref.thread) : -1;
    mail.conversations.delete(ref.thread);
    if (list !== null && at >= 0) this.keep(list, at);
    this.store.look({ open: ref, fresh: new Set(), cursor: at >= 0 ? at : cursor });
    this.markRead(ref);
    await mail.open(ref.thread);
    if (this.store.view().open?.thread === ref.thread) this.markRead(ref);
  }

  /** A search that is asked again goes on showing what was opened in it. */
  private keep(list: ListSpec, at: number): void {
    const row = this.store.list(list).row(at);
    if (row !== undefined && list.search !== null) this.store.part(list.account).mail.lists.get(list)?.kept.add(row.email);
  }

  /** The person chose to see conversations, or single messages: show what is listed so. */
  relist(): void {
    const { list } = this.store.view();
    if (list !== null) this.openList(list);
  }

  /** What is pinned comes first in this folder from now on. */
  reorder(folder: MailboxId): void {
    const { list: spec } = this.store.view();
    if (spec?.mailbox !== folder) return;
    const { mail } = this.store.part(spec.account);
    const list = mail.lists.open(spec);
    void mail.fill(list, list.visible.first, list.visible.last);
  }

  private markRead(ref: ConversationRef): void {
    const { mail } = this.store.part(ref.account);
    const planned = plan(mail, { kind: 'conversations', conversations: [ref] }, { ...keyword(mail, '$seen', true), rest: null });
    if (planned?.change.kind !== 'patch') return;
    const unread = Object.keys(planned.change.patches) as EmailId[];
    this.store.look({ fresh: new Set([...this.store.view().fresh, ...unread]) });
    this.store.change([planned.change]);
  }

  closeConversation(): void {
    this.store.look({ open: null, fresh: new Set() });
  }

  /** The conversation after (1) or before (-1) the open one, or the one under the cursor when none is open. */
  async step(by: 1 | -1): Promise<void> {
    const { list, open, cursor } = this.store.view();
    if (list === null) return;
    const view = this.store.list(list);
    const here = open === null ? -1 : view.indexOf(open.thread);
    const row: Row | undefined = view.row(open === null ? cursor : (here >= 0 ? here : cursor) + by);
    if (row !== undefined) await this.openConversation({ account: row.account, thread: row.thread });
  }

  select(thread: ThreadId, selected: boolean): void {
    const selection = new Set(this.store.view().selection);
    if (selected) selection.add(thread);
    else selection.delete(thread);
    this.lastSelected = selected ? thread : this.lastSelected;
    this.store.look({ selection });
  }

  /** From the last one selected, else from the one that is open, to this one. */
  selectThrough(thread: ThreadId): Promise<void> {
    const { list, open } = this.store.view();
    if (list === null) return Promise.resolve();
    const view = this.store.list(list);
    const start = this.lastSelected ?? open?.thread ?? null;
    const to = view.indexOf(thread);
    const from = start === null ? -1 : view.indexOf(start);
    if (to < 0 || from < 0) {
      this.select(thread, true);
      return Promise.resolve();
    }
    this.lastSelected = thread;
    return this.selectRows(list, Math.min(from, to), Math.max(from, to));
  }

  selectAll(): Promise<void> {
    const { list } = this.store.view();
    return list === null ? Promise.resolve() : this.selectRows(list, 0, SELECTED_AT_MOST - 1);
  }

  /** What is being selected, rows that are still on their way included: acting on fewer than one sees would be wrong. */
  gathered(): Promise<void> | null {
    return this.gathering;
  }

  private selectRows(list: ListSpec, first: number, last: number): Promise<void> {
    this.addRows(list, first, last);
    const { mail } = this.store.part(list.account);
    const asked = mail.lists.open(list);
    if (mail.gapAmong(asked, first, last) === null) return Promise.resolve();
    const gathering = mail.fillAll(asked, first, last).then(() => {
      if (this.gathering !== gathering) return;
      this.gathering = null;
      this.addRows(list, first, last);
    });
    this.gathering = gathering;
    return gathering;
  }

  private addRows(list: ListSpec, first: number, last: number): void {
    const view = this.store.list(list);
    const rows = rowsBetween((index) => view.row(index), first, Math.min(last, view.length - 1));
    this.store.look({ selection: new Set([...this.store.view().selection, ...rows]) });
  }

  clearSelection(): void {
    this.lastSelected = null;
    this.gathering = null;
    this.store.look({ selection: new Set() });
  }

  /** After conversations went elsewhere: nothing selected, and nothing open that is gone. */
  leave(refs: readonly ConversationRef[]): void {
    const { open } = this.store.view();
    const gone = open !== null && refs.some(({ thread }) => thread === open.thread);
    this.clearSelection();
    if (gone) this.closeConversation();
  }
}

function rowsBetween(row: (index: number) => Row | undefined, first: number, last: number): readonly ThreadId[] {
  const threads: ThreadId[] = [];
  for (let index = first; index <= last; index += 1) {
    const found = row(index);
    if (found !== undefined) threads.push(found.thread);
  }
  return threads;
}
