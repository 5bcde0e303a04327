import { ask } from '../wire/http.ts';
import { problemOf, WireError } from '../wire/problems.ts';
import type { Road } from '../wire/road.ts';
import { Jmap } from '../wire/jmap.ts';
import type { MailStore } from '../store/mail.ts';
import type { AccountId, EmailId, MailboxId } from '../store/types.ts';
import { Looking } from './looking.ts';
import { type Changing, type Place, ruleFor } from './rules.ts';
import { accountOf, conversationsOf, currentTargets, plan, type Plan } from './targets.ts';
import type { CommandArguments, CommandName, Commands, OnTargets, Person, Targets } from './types.ts';
import { Writing } from './writing.ts';

export interface CommandSurroundings {
  readonly store: MailStore;
  readonly road: Road;
  readonly now: () => Date;
  /** End the session and leave this page. */
  readonly signOut: () => Promise<void>;
}

type Handlers = { readonly [Name in CommandName]: (args: CommandArguments[Name]) => Promise<void> | void };

const CHANGING: ReadonlySet<CommandName> = new Set<Changing>([
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

  constructor(around: CommandSurroundings) {
    this.around = around;
    this.store = around.store;
    this.looking = new Looking(around.store);
    this.writing = new Writing(around.store, around.now);
    this.handlers = this.makeHandlers();
  }

  async run<Name extends CommandName>(name: Name, args: CommandArguments[Name]): Promise<void> {
    await this.handlers[name](args);
  }

  can(name: CommandName, args: OnTargets = {}): boolean {
    if (name === 'undo') return this.store.messages.canUndo();
    if (name === 'destroy') return this.destroyable(args.targets ?? currentTargets(this.store)).length > 0;
    if (!CHANGING.has(name)) return true;
    const to = 'to' in args ? (args.to as MailboxId) : null;
    const targets = args.targets ?? currentTargets(this.store);
    // Moving needs a folder to be sure; before one is chosen any target will do.
    if (name === 'move' && to === null) return targets !== null;
    return this.planned(name as Changing, targets, to) !== null;
  }

  async people(query: string): Promise<readonly Person[]> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    if (query.trim() === '') return [];
    try {
      return await this.store.api.people(query, asking.signal);
    } catch (caught) {
      if (asking.signal.aborted || caught instanceof WireError) return [];
      throw caught;
    }
  }

  async sourceOf(account: AccountId, email: EmailId): Promise<string | null> {
    const blob = this.store.part(account).mail.records.bodies.get(email)?.blobId;
    if (blob === undefined) return null;
    try {
      return await ask(this.around.road, Jmap.downloadUrl(account, blob, 'message.eml', 'text/plain'));
    } catch (caught) {
      problemOf(caught);
      return null;
    }
  }

  private makeHandlers(): Handlers {
    const { store, looking, writing } = this;
    const changing = (command: Changing) => (args: OnTargets & { readonly to?: MailboxId }) => this.changeMail(command, args);
    return {
      'open-folder': ({ account, mailbox }) => looking.openList({ account, mailbox, only: 'all', search: null }),
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
      'junk': changing('junk'),
      'not-junk': changing('not-junk'),
      'undo': () => this.undo(),
      'dismiss-undo': () => store.messages.dismissUndo(),
      'dismiss-notice': ({ id }) => store.messages.dismissNotice(id),
      'compose': ({ to }) => writing.compose(to ?? []),
      'reply': ({ account, email }) => writing.reply(account, email, false),
      'reply-all': ({ account, email }) => writing.reply(account, email, true),
      'forward': ({ account, email }) => writing.forward(account, email),
      'edit-draft': ({ account, email }) => writing.editDraft(account, email),
      'edit': ({ draft, change }) => store.drafting.edit(draft, change),
      'attach': ({ draft, files }) => writing.attach(draft, files),
      'cancel-upload': ({ draft, upload }) => store.drafting.cancelUpload(draft, upload),
      'remove-attachment': ({ draft, attachment }) => {
        const attachments = store.draft(draft)?.content.attachments.filter((each) => each !== attachment && each.blob !== attachment.blob);
        if (attachments !== undefined) store.drafting.edit(draft, { attachments });
      },
      'save-draft': async ({ draft }) => {
        await store.drafting.save(draft);
      },
      'discard-draft': ({ draft }) => writing.discard(draft),
      'close-composer': ({ draft }) => writing.close(draft),
      'minimise-composer': ({ draft, minimised }) => store.openComposer(draft, minimised),
      'send': ({ draft }) => writing.send(draft),
      'cancel-send': ({ draft }) => writing.cancelSend(draft),
      'create-folder': ({ account, name, parent }) => store.change([{ kind: 'create-folder', account, name: name.trim(), parent }]),
      'rename-folder': ({ account, mailbox, name }) => store.change([{ kind: 'rename-folder', account, mailbox, name: name.trim() }]),
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
        store.amend({ settings: { ...before, [section]: value } });
        try {
          await store.api.saveSettings(section, value);
        } catch (caught) {
          store.amend({ settings: before });
          store.messages.note('settings-refused', problemOf(caught));
        }
      },
      'sign-out': async () => {
        // What waits for a connection stays on disk; on a shared computer the server has the browser clear all.
        store.leave();
        await this.around.signOut();
      },
    };
  }

  private async prefer(preferences: Parameters<MailStore['api']['prefer']>[0]): Promise<void> {
    try {
      await this.store.api.prefer(preferences);
    } catch (caught) {
      // Kept for this visit; the next one asks the server again.
      problemOf(caught);
    }
  }

  private place(): Place {
    const { list } = this.store.view();
    const mailbox = list?.mailbox ?? null;
    const role = list === null || mailbox === null ? null : (this.store.mailboxes(list.account).find(({ id }) => id === mailbox)?.role ?? null);
    return { mailbox, role };
  }

  private planned(command: Changing, targets: Targets | null, to: MailboxId | null): Plan | null {
    const account = targets === null ? null : accountOf(targets);
    if (targets === null || account === null) return null;
    const { mail } = this.store.part(account);
    const rule = ruleFor(mail, command, targets, this.place(), to);
    return rule === null ? null : plan(mail, targets, rule);
  }

  private changeMail(command: Changing, args: OnTargets & { readonly to?: MailboxId }): Promise<void> | void {
    const gathered = args.targets === undefined ? this.looking.gathered() : null;
    if (gathered !== null) return gathered.then(() => this.changeMail(command, args));
    const targets = args.targets ?? currentTargets(this.store);
    const planned = this.planned(command, targets, args.to ?? null);
    if (planned === null || targets === null) return;
    const { mail } = this.store.part(planned.change.account);
    const left = conversationsOf(mail, targets);
    this.store.change([planned.change]);
    if (LEAVING.has(command)) this.looking.leave(left);
    else this.looking.clearSelection();
    this.store.messages.offerUndo({ command, count: planned.count, to: args.to ?? null }, [planned.inverse]);
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

