import { Archive, CornerUpLeft, FolderInput, Forward, Keyboard, Mail, PenLine, Reply, ReplyAll, Search, Settings, Star, Trash2, Undo2 } from 'lucide-react';

import type { CommandName, Commands } from '../commands/types.ts';
import type { MailboxRole, Message, Store } from '../store/types.ts';
import type { Act, Feature, Page } from '../ui/features.tsx';
import { folderIcon } from '../ui/folders.ts';
import { KEYS } from '../ui/keys.tsx';
import { openSheet } from './sheets.ts';
import { deleteOrAsk } from './trash.ts';

/** After G: where to; the first letter is the one that the help shows. */
const PLACES: readonly (readonly [Exclude<MailboxRole, 'snoozed'>, string, ...string[]])[] = [
  ['inbox', 'i'], ['drafts', 'b', 'd'], ['sent', 'e', 's'], ['archive', 'a'], ['junk', 'x'], ['trash', 't', 'c'],
];

/** What one does with the page itself, by keys and palette: mail, folders, sheets. */
export function pageFeature(features: readonly Feature[]): Feature {
  return {
    id: 'page',
    acts: (page) => [...moving(page), ...acting(page), ...writing(page), ...going(page), ...arranging(page, features)],
  };
}

function command(page: Page, name: CommandName): () => void {
  return () => void page.commands.run(name as 'archive', {});
}

function moving(page: Page): readonly Act[] {
  const { keys } = page.language.words;
  const { store, commands } = page;
  const group = keys.moving;
  return [
    { id: 'next', label: keys.next, group, keys: KEYS.next, hidden: true, run: command(page, 'next-conversation') },
    { id: 'previous', label: keys.previous, group, keys: KEYS.previous, hidden: true, run: command(page, 'previous-conversation') },
    { id: 'open', label: keys.open, group, keys: KEYS.open, also: ['o'], hidden: true, can: () => canOpen(store), run: () => openAtCursor(commands, store) },
    { id: 'back', label: keys.back, group, icon: CornerUpLeft, keys: KEYS.back, can: () => canLeave(store), run: () => leave(commands, store) },
    { id: 'search', label: keys.search, group, icon: Search, keys: KEYS.search, run: focusSearch },
    { id: 'help', label: keys.help, group, icon: Keyboard, keys: KEYS.help, run: () => openSheet(page, 'help') },
  ];
}

function acting(page: Page): readonly Act[] {
  const { actions, keys } = page.language.words;
  const { store, commands } = page;
  const group = keys.acting;
  const starred = targetRow(store)?.starred ?? false;
  const unread = targetRow(store)?.unread ?? false;
  const can = () => hasTarget(store);
  return [
    { id: 'archive', label: actions.archive, group, icon: Archive, keys: KEYS.archive, can, run: command(page, 'archive') },
    { id: 'delete', label: actions.delete, group, icon: Trash2, keys: KEYS.delete, also: ['Delete'], can, run: () => deleteOrAsk(commands) },
    { id: 'move', label: actions.move, group, icon: FolderInput, keys: KEYS.move, typed: true, can, run: () => openSheet(page, 'move') },
    { id: 'star', label: starred ? actions.unstar : actions.star, group, icon: Star, keys: KEYS.star, can, run: command(page, starred ? 'unstar' : 'star') },
    {
      id: 'mark-unread', label: unread ? actions.markRead : actions.markUnread, group, icon: Mail, keys: KEYS['mark-unread'], can,
      run: command(page, unread ? 'mark-read' : 'mark-unread'),
    },
    { id: 'select', label: keys.select, group, keys: KEYS.select, can, run: () => toggleAtCursor(commands, store) },
    { id: 'undo', label: keys.undo, group, icon: Undo2, keys: KEYS.undo, can: () => canUndo(commands, store), run: () => undo(commands, store) },
  ];
}

function writing(page: Page): readonly Act[] {
  const { actions, keys } = page.language.words;
  const group = keys.writing;
  const can = () => newest(page.store) !== undefined;
  return [
    { id: 'compose', label: actions.compose, group, icon: PenLine, keys: KEYS.compose, typed: true, run: command(page, 'compose') },
    { id: 'reply', label: actions.reply, group, icon: Reply, keys: KEYS.reply, typed: true, can, run: () => answer('reply', page) },
    { id: 'reply-all', label: actions.replyAll, group, icon: ReplyAll, keys: KEYS['reply-all'], typed: true, can, run: () => answer('reply-all', page) },
    { id: 'forward', label: actions.forward, group, icon: Forward, keys: KEYS.forward, typed: true, can, run: () => answer('forward', page) },
    // Its key belongs to the composer: it is here to be listed.
    { id: 'send', label: keys.send, group, keys: KEYS.send, hidden: true, can: () => false, run: () => undefined },
  ];
}

function going(page: Page): readonly Act[] {
  const { folders, keys } = page.language.words;
  const { store, commands } = page;
  const account = store.view().list?.account;
  return PLACES.map(([role, letter, ...others]) => {
    const folder = () => (account === undefined ? undefined : store.mailboxes(account).find((one) => one.role === role));
    return {
      id: `go-${role}`, label: folders[role], group: keys.going, icon: folderIcon({ role }),
      keys: `g ${letter}`, also: others.map((other) => `g ${other}`), hidden: true, can: () => folder() !== undefined,
      run: () => {
        const found = folder();
        if (found !== undefined) void commands.run('open-folder', { account: found.account, mailbox: found.id });
      },
    };
  });
}

/** The settings, and each of their parts by its name. */
function arranging(page: Page, features: readonly Feature[]): readonly Act[] {
  const { settings } = page.language.words;
  const parts = features.flatMap((feature) => feature.settings?.(page) ?? []);
  const general = { id: 'settings', label: settings.open, group: settings.title, icon: Settings, run: () => openSheet(page, 'settings') };
  return [
    general,
    ...parts.map(({ id, title, icon }) => ({
      id: `settings-${id}`, label: title, group: settings.title, icon, run: () => openSheet(page, 'settings', id),
    })),
  ];
}

/** The message that R, A and F act on: the newest that isn't a draft. */
function newest(store: Store): Message | undefined {
  const open = store.view().open;
  return open === null ? undefined : store.conversation(open).messages.findLast((one) => !one.draft);
}

function answer(name: 'reply' | 'reply-all' | 'forward', { commands, store }: Page): void {
  const message = newest(store);
  if (message !== undefined) void commands.run(name, { account: message.account, email: message.id });
}

function focusSearch(): void {
  const field = document.getElementById('search');
  if (!(field instanceof HTMLInputElement)) return;
  field.focus();
  field.select();
}

function rowAtCursor(store: Store) {
  const { list, cursor } = store.view();
  return list === null || cursor < 0 ? undefined : store.list(list).row(cursor);
}

function hasTarget(store: Store): boolean {
  const { selection, open } = store.view();
  return selection.size > 0 || open !== null || rowAtCursor(store) !== undefined;
}

function targetRow(store: Store) {
  const { list, open } = store.view();
  if (list === null || open === null) return rowAtCursor(store);
  const rows = store.list(list);
  return rows.row(rows.indexOf(open.thread)) ?? rowAtCursor(store);
}

function toggleAtCursor(commands: Commands, store: Store): void {
  const row = targetRow(store);
  if (row !== undefined) void commands.run('select', { thread: row.thread, selected: !store.view().selection.has(row.thread) });
}

function waiting(store: Store) {
  return store.outgoing().find((one) => one.state.kind === 'waiting');
}

function canUndo(commands: Commands, store: Store): boolean {
  return waiting(store) !== undefined || commands.can('undo');
}

/** A message that still waits is taken back first: it can't be later. */
function undo(commands: Commands, store: Store): void {
  const message = waiting(store);
  if (message === undefined) void commands.run('undo', {});
  else void commands.run('cancel-send', { draft: message.draft });
}

/** On a button Enter presses the button. */
function canOpen(store: Store): boolean {
  return rowAtCursor(store) !== undefined && document.activeElement?.matches('a, button, summary') !== true;
}

function openAtCursor(commands: Commands, store: Store): void {
  const row = rowAtCursor(store);
  if (row !== undefined) void commands.run('open-conversation', { account: row.account, thread: row.thread });
}

function canLeave(store: Store): boolean {
  const { selection, open, list } = store.view();
  return selection.size > 0 || open !== null || (list !== null && list.search !== null);
}

/** From the nearest thing outwards: the selection, the conversation, the search. */
function leave(commands: Commands, store: Store): void {
  const { selection, open } = store.view();
  if (selection.size > 0) void commands.run('clear-selection', {});
  else if (open !== null) {
    void commands.run('close-conversation', {});
    requestAnimationFrame(() => document.querySelector<HTMLElement>('#conversations [tabindex="0"]')?.focus());
  } else void commands.run('search', { text: '', everywhere: true });
}
