import { ask } from '../wire/http.ts';
import { isUnloaded, problemOf, WireError } from '../wire/problems.ts';
import type { Road } from '../wire/road.ts';
import { Jmap } from '../wire/jmap.ts';
import { readsFlat } from '../store/choices.ts';
import { type MailStore, UNREACHABLE } from '../store/mail.ts';
import { PINNED } from '../store/sync/requests.ts';
import type { AccountId, Attachment, EmailId, MailboxId } from '../store/types.ts';
import { Looking } from './looking.ts';
import { type Changing, keyword as keywordRule, newestOnly, type Place, ruleFor } from './rules.ts';
import { planAway, planBack, withPins } from './snooze.ts';
import { accountOf, conversationsOf, currentTargets, plan, type Plan, takenWhole } from './targets.ts';
import type { CommandArguments, CommandName, Commands, OnTargets, People, Targets } from './types.ts';
import { Writing } from './writing.ts';

export interface CommandSurroundings {
  readonly store: MailStore;
  readonly road: Road;
  readonly now: () => Date;
}

const MOST_PEOPLE = 8;

/** The changes for which `ruleFor` has the rule. */
type ByRule = Exclude<Changing, 'set-keyword'>;

type Handlers = { readonly [Name in CommandName]: (args: CommandArguments[Name]) => Promise<void> | void };

const CHANGING: ReadonlySet<CommandName> = new Set<ByRule>([
  'archive', 'delete', 'move', 'junk', 'not-junk', 'mark-read', 'mark-unread', 'star', 'unstar',
]);
/** After these the conversation is no longer where one is. */
const LEAVING: ReadonlySet<Changing> = new Set<Changing>(['archive', 'delete', 'move', 'junk', 'not-junk']);

/** Every act by its name. */
export class CommandRunner implements Commands {
  private readonly around: CommandSurroundings;
  private readonly store: MailStore;
  private readonly looking: Looking;
  private readonly writing: Writing;
  private readonly handlers: Handlers;
  private asking: AbortController | null = null;
  /** Whether the directory left the last question without an answer. */
  private silent = false;

  constructor(around: CommandSurroundings) {
    this.around = around;
    this.store = around.store;
    this.looking = new Looking(around.store);
    this.writing = new Writing(around.store, around.now);
    this.handlers = this.makeHandlers();
  }

  async run<Name extends CommandName>(name: Name, args: CommandArguments[Name]): Promise<void> {
    try {
      await this.handlers[name](args);
    } catch (caught) {
      if (!isUnloaded(caught)) throw caught;
      this.store.messages.note('unloaded', { kind: 'offline' });
    }
  }

  can(name: CommandName, args: OnTargets = {}): boolean {
    if (name === 'undo') return this.store.messages.canUndo();
    if (name === 'destroy') return this.destroyable(args.targets ?? currentTargets(this.store)).length > 0;
    if (!CHANGING.has(name)) return true;
    const to = 'to' in args ? (args.to as MailboxId) : null;
    const targets = args.targets ?? currentTargets(this.store);
    // Moving needs a folder to be sure; before one is chosen any target will do.
    if (name === 'move' && to === null) return targets !== null;
    return this.planned(name as ByRule, targets, to) !== null;
  }

  async people(query: string): Promise<People> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    if (query.trim() === '') return { found: [], silent: false };
    const directory = this.store.api.people(query, asking.signal).catch((caught: unknown) => {
      if (asking.signal.aborted || caught instanceof WireError) return null;
      throw caught;
    });
    const { acquaintances, arranged, fitting } = await import('../store/people.ts');
    const known = acquaintances({ store: this.store, jmap: this.store.jmap, road: this.around.road, now: () => this.around.now().getTime() });
    const [unknown, near] = await Promise.all([directory, known]);
    if (asking.signal.aborted) return { found: [], silent: this.silent };
    this.silent = unknown === null;
    return { found: arranged(fitting(near, query), unknown ?? [], MOST_PEOPLE), silent: this.silent };
  }

  async sourceOf(account: AccountId, email: EmailId): Promise<string> {
    const blob = this.store.part(account).mail.records.bodies.get(email)?.blobId;
    if (blob === undefined) throw new WireError({ kind: 'not-found' });
    return ask(this.around.road, Jmap.downloadUrl(account, blob, 'message.eml', 'text/plain'));
  }

  private makeHandlers(): Handlers {
    const { store, looking, writing } = this;
    const changing = (command: ByRule) => (args: OnTargets & { readonly to?: MailboxId }) => this.changeMail(command, args);
    return {
      'open-folder': ({ account, mailbox }) => looking.openList({ account, mailbox, only: 'all', search: null }),
      'open-keyword': ({ account, keyword }) => looking.openList({ account, mailbox: null, only: 'all', search: null, keyword }),
      'filter': ({ only }) => looking.filter(only),
      'search': ({ text, everywhere }) => looking.search(text, everywhere),
      'open-conversation': (ref) => looking.openConversation({ account: ref.account, thread: ref.thread }),
      'close-conversation': () => looking.closeConversation(),
      'next-conversation': () => looking.step(1),
      'previous-conversation': () => looking.step(-1),
      'move-cursor': ({ to }) => looking.moveCursor(to),
      'show-rows': ({ first, last }) => looking.showRows(first, last),
      'show-whole-message': ({ account, email }) => store.part(account).mail.openWhole(email),
      'refresh': () => store.resume(),
      'select': ({ thread, selected }) => looking.select(thread, selected),
      'select-through': ({ thread }) => looking.selectThrough(thread),
      'select-all': () => looking.selectAll(),
      'clear-selection': () => looking.clearSelection(),
      'archive': changing('archive'),
      'delete': changing('delete'),
      'destroy': async ({ targets }) => {
        if (targets === undefined) await looking.gathered();
        this.destroy(targets ?? currentTargets(store));
      },
      'move': changing('move'),
      'star': changing('star'),
      'unstar': changing('unstar'),
      'mark-read': changing('mark-read'),
      'mark-unread': changing('mark-unread'),
      'set-keyword': (args) => this.setKeyword(args),
      'put-away': (args) => this.putAway(args),
      'bring-back': ({ targets, text }) => this.leaveBy(targets, text, (on) => planBack(store, on, this.place())),
      'pin': (args) => this.pin(args),
      'junk': changing('junk'),
      'not-junk': changing('not-junk'),
      'undo': () => this.undo(),
      'dismiss-undo': () => store.messages.dismissUndo(),
      'dismiss-notice': ({ id }) => store.messages.dismissNotice(id),
      'compose': ({ to }) => writing.compose(to ?? []),
      'reply': ({ account, email }) => writing.reply(account, email, false),
      'reply-all': ({ account, email }) => writing.reply(account, email, true),
      'forward': ({ account, email }) => writing.forward(account, email),
      'edit-as-new': ({ account, email }) => writing.editAsNew(account, email),
      'edit-draft': ({ account, email }) => writing.editDraft(account, email),
      'edit': ({ draft, change }) => store.drafting.edit(draft, change),
      'attach': ({ draft, files }) => writing.attach(draft, files),
      'attach-picture': ({ draft, file, cid }) => writing.attachPicture(draft, file, cid),
      'write-as': ({ draft, from }) => writing.writeAs(draft, from),
      'carry': ({ draft, name, size, work }) => store.drafting.carry(draft, { name, size }, work),
      'retry-upload': ({ draft, upload }) => store.drafting.retryUpload(draft, upload),
      'cancel-upload': ({ draft, upload }) => store.drafting.cancelUpload(draft, upload),
      'remove-attachment': ({ draft, attachment }) => {
        const attachments = store.draft(draft)?.content.attachments;
        if (attachments !== undefined) store.drafting.edit(draft, { attachments: without(attachments, attachment) });
      },
      'save-draft': async ({ draft }) => {
        await store.drafting.save(draft);
      },
      'discard-draft': ({ draft }) => writing.discard(draft),
      'close-composer': ({ draft }) => writing.close(draft),
      'minimise-composer': ({ draft, minimised }) => store.openComposer(draft, minimised),
      'send': ({ draft, sendAt }) => writing.send(draft, sendAt ?? null),
      'cancel-send': ({ draft }) => writing.cancelSend(draft),
      'create-folder': ({ account, name, parent }) => store.change([{ kind: 'create-folder', account, name: name.trim(), parent }]),
      'rename-folder': ({ account, mailbox, name }) => store.change([{ kind: 'rename-folder', account, mailbox, name: name.trim() }]),
      'move-folder': (args) => this.moveFolder(args),
      'delete-folder': (args) => this.deleteFolder(args),
      'set-locale': ({ locale }) => {
        store.amend({ locale });
        return this.prefer({ locale });
      },
      'set-theme': ({ theme }) => {
        store.amend({ theme });
        return this.prefer({ theme });
      },
      'save-settings': async ({ section, value }) => {
        const before = store.me()?.settings ?? {};
        this.choose({ ...before, [section]: value });
        try {
          await store.api.saveSettings(section, value);
        } catch (caught) {
          this.choose(before);
          store.messages.note('settings-refused', problemOf(caught));
        }
      },
      // `features/offline` sends what waits, takes the mail off this device and ends the session.
      'sign-out': () => store.look({ leaving: true }),
      'stay': () => store.look({ leaving: false }),
      'send-waiting': async () => {
        await store.drafting.saveAll();
        await store.resume();
      },
      'keep-typed': () => store.leave(),
      'forget-saved': () => store.drafting.forgetSaved(),
      'lock': () => store.end(UNREACHABLE),
    };
  }

  /** What one chose holds at once; lists follow where it is about lists. */
  private choose(settings: Readonly<Record<string, unknown>>): void {
    const before = readsFlat(this.store.me());
    this.store.amend({ settings });
    if (readsFlat(this.store.me()) !== before) this.looking.relist();
  }

  private async prefer(preferences: Parameters<MailStore['api']['prefer']>[0]): Promise<void> {
    try {
      await this.store.api.prefer(preferences);
    } catch (caught) {
      // It holds for this visit; the next one asks the server again.
      this.store.messages.note('settings-refused', problemOf(caught));
    }
  }

  private place(): Place {
    const { list } = this.store.view();
    const mailbox = list?.mailbox ?? null;
    const role = list === null || mailbox === null ? null : (this.store.mailboxes(list.account).find(({ id }) => id === mailbox)?.role ?? null);
    return { mailbox, role };
  }

  private planned(command: ByRule, targets: Targets | null, to: MailboxId | null): Plan | null {
    const account = targets === null ? null : accountOf(targets);
    if (targets === null || account === null) return null;
    const { mail } = this.store.part(account);
    const rule = ruleFor(mail, command, targets, this.place(), to);
    return rule === null ? null : plan(mail, targets, rule);
  }

  private changeMail(command: ByRule, args: OnTargets & { readonly to?: MailboxId }): Promise<void> | void {
    const gathered = args.targets === undefined ? this.looking.gathered() : null;
    if (gathered !== null) return gathered.then(() => this.changeMail(command, args));
    const targets = args.targets ?? currentTargets(this.store);
    const planned = this.planned(command, targets, args.to ?? null);
    if (planned === null || targets === null) return;
    const { mail } = this.store.part(planned.change.account);
    const left = takenWhole(mail, targets, this.place());
    this.store.change([planned.change]);
    if (LEAVING.has(command)) this.looking.leave(left);
    else this.looking.clearSelection();
    this.store.messages.offerUndo({ command, count: planned.count, to: args.to ?? null, text: null }, [planned.inverse]);
  }

  private async setKeyword(args: CommandArguments['set-keyword']): Promise<void> {
    if (args.targets === undefined) await this.looking.gathered();
    const targets = args.targets ?? currentTargets(this.store);
    const account = targets === null ? null : accountOf(targets);
    if (targets === null || account === null) return;
    const { mail } = this.store.part(account);
    const only = args.newest === true ? newestOnly(mail, targets, this.place()) : null;
    const planned = plan(mail, targets, keywordRule(mail, args.keyword, args.on, only));
    if (planned === null) return;
    this.store.change([planned.change]);
    this.store.messages.offerUndo({ command: 'set-keyword', count: planned.count, to: null, text: args.text }, [planned.inverse]);
  }

  private async putAway({ targets, until, text }: CommandArguments['put-away']): Promise<void> {
    const account = targets === undefined ? this.store.view().list?.account : accountOf(targets);
    await this.leaveBy(targets, text, (on) => planAway(this.store, on, this.place(), until));
    const inbox = account == null ? undefined : this.store.part(account).mail.mailboxByRole('inbox');
    if (inbox !== undefined) await this.pinsIn(inbox.id);
  }

  /** A change of a feature after which the conversation is elsewhere. */
  private async leaveBy(given: Targets | undefined, text: string, make: (targets: Targets) => Promise<Plan | null> | Plan | null): Promise<void> {
    if (given === undefined) await this.looking.gathered();
    const targets = given ?? currentTargets(this.store);
    const planned = targets === null ? null : await make(targets);
    if (planned === null || targets === null) return;
    const left = takenWhole(this.store.part(planned.change.account).mail, targets, this.place());
    this.store.change([planned.change]);
    this.looking.leave(left);
    this.store.messages.offerUndo({ command: 'set-keyword', count: planned.count, to: null, text }, [planned.inverse]);
  }

  private moveFolder({ account, mailbox, parent, text }: CommandArguments['move-folder']): void {
    const folder = this.store.mailboxes(account).find(({ id }) => id === mailbox);
    if (folder === undefined) return;
    const moved = { kind: 'move-folder', account, mailbox } as const;
    this.store.change([{ ...moved, parent }]);
    this.store.messages.offerUndo({ command: 'move', count: 1, to: null, text }, [{ ...moved, parent: folder.parent }]);
  }

  private async pin({ on, text, targets }: CommandArguments['pin']): Promise<void> {
    const { mailbox } = this.place();
    await this.setKeyword({ keyword: PINNED, on, text, newest: on, ...(targets === undefined ? {} : { targets }) });
    if (on && mailbox !== null) await this.pinsIn(mailbox);
  }

  /** From now on this folder's list shows what is pinned first. */
  private async pinsIn(folder: MailboxId): Promise<void> {
    const folders = withPins(this.store, folder);
    if (folders === null) return;
    await this.handlers['save-settings']({ section: 'pins', value: { folders } });
    this.looking.reorder(folder);
  }

  private undo(): void {
    const undoable = this.store.messages.takeUndo();
    if (undoable !== null) this.store.change(undoable.inverse);
  }

  /** For good only what lies in the trash, in junk or in drafts: anything else goes to the trash first. */
  private destroyable(targets: Targets | null): readonly EmailId[] {
    const account = targets === null ? null : accountOf(targets);
    if (targets === null || account === null) return [];
    const { mail } = this.store.part(account);
    const ids = targets.kind === 'messages' ? targets.emails : targets.conversations.flatMap(({ thread }) => mail.records.of(thread));
    return ids.filter((id) =>
      (Object.keys(mail.records.email(id)?.mailboxIds ?? {}) as MailboxId[]).some((mailbox) => {
        const role = mail.records.mailboxes.get(mailbox)?.role;
        return role === 'trash' || role === 'junk' || role === 'drafts';
      }),
    );
  }

  private destroy(targets: Targets | null): void {
    const account = targets === null ? null : accountOf(targets);
    const emails = this.destroyable(targets);
    if (targets === null || account === null || emails.length === 0) return;
    const left = conversationsOf(this.store.part(account).mail, targets);
    this.store.change([{ kind: 'destroy', account, emails }]);
    this.looking.leave(left);
  }

  private deleteFolder({ account, mailbox }: CommandArguments['delete-folder']): void {
    this.store.change([{ kind: 'delete-folder', account, mailbox, empty: true }]);
    const { list } = this.store.view();
    const inbox = this.store.mailboxes(account).find(({ role }) => role === 'inbox');
    if (list?.mailbox === mailbox && inbox !== undefined) {
      this.looking.openList({ account, mailbox: inbox.id, only: 'all', search: null });
    }
  }
}

/** One file less: a copy of it, or a picture of the text with the same bytes, is another one and stays. */
function without(attachments: readonly Attachment[], one: Attachment): readonly Attachment[] {
  const same = (each: Attachment): boolean => each.blob === one.blob && each.name === one.name && each.cid === one.cid;
  const at = attachments.includes(one) ? attachments.indexOf(one) : attachments.findIndex(same);
  return attachments.filter((_, place) => place !== at);
}
