import { useEffect } from 'react';

import type { CommandName, Commands } from '../commands/types.ts';
import type { MailboxRole, Message, Store } from '../store/types.ts';
import { useCommands, useStoreItself } from '../ui/client.tsx';
import { type Feature, type Page as FeaturePage, useFeatures, usePage } from '../ui/features.tsx';
import type { Sheet } from './shell/Shell.tsx';
import { deleteOrAsk } from './trash.ts';

/** After G: where to. */
const PLACES: Readonly<Record<string, MailboxRole>> = {
  i: 'inbox',
  b: 'drafts',
  d: 'drafts',
  e: 'sent',
  s: 'sent',
  a: 'archive',
  x: 'junk',
  t: 'trash',
  c: 'trash',
};

const GO_FOR_MS = 1500;

interface Page {
  readonly commands: Commands;
  readonly store: Store;
  readonly onSheet: (sheet: Sheet) => void;
}

/** One key, one act: never while one types, never over a sheet, never with Ctrl, Alt or the system's key. */
export function useKeyboard(onSheet: (sheet: Sheet) => void): void {
  const commands = useCommands();
  const store = useStoreItself();
  const features = useFeatures();
  const around = usePage();
  useEffect(() => {
    const page: Page = { commands, store, onSheet };
    let goSince = -GO_FOR_MS;
    const onKey = (event: KeyboardEvent): void => {
      if (!isForPage(event)) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const going = event.timeStamp - goSince < GO_FOR_MS;
      goSince = key === 'g' && !going ? event.timeStamp : -GO_FOR_MS;
      if (key === 'g') return;
      const done = runAct(features, around, going ? `g ${key}` : key) || go(key, page, going);
      if (done) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [commands, store, onSheet, features, around]);
}

function go(key: string, page: Page, going: boolean): boolean {
  return going ? goTo(key, page) : press(key, page);
}

/** What a feature does at this key. */
function runAct(features: readonly Feature[], page: FeaturePage, keys: string): boolean {
  const act = features.flatMap((feature) => feature.acts?.(page) ?? []).find((one) => one.keys === keys);
  act?.run();
  return act !== undefined;
}

function isForPage(event: KeyboardEvent): boolean {
  return !event.defaultPrevented && !isForSystem(event) && !isTyping(event);
}

function isForSystem(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('dialog, [role="menu"], .composer') !== null) return true;
  return target.matches('input:not([type="checkbox"]), textarea, select');
}

function goTo(key: string, { commands, store }: Page): boolean {
  const role = PLACES[key];
  const account = store.view().list?.account;
  if (role === undefined || account === undefined) return false;
  const folder = store.mailboxes(account).find((one) => one.role === role);
  if (folder === undefined) return false;
  void commands.run('open-folder', { account, mailbox: folder.id });
  return true;
}

/** The message that R, A and F act on: the newest that isn't a draft. */
function newest(store: Store): Message | undefined {
  const open = store.view().open;
  return open === null ? undefined : store.conversation(open).messages.findLast((one) => !one.draft);
}

function answer(name: 'reply' | 'reply-all' | 'forward', { commands, store }: Page): boolean {
  const message = newest(store);
  if (message === undefined) return false;
  void commands.run(name, { account: message.account, email: message.id });
  return true;
}

const PLAIN: Readonly<Record<string, CommandName>> = {
  j: 'next-conversation',
  k: 'previous-conversation',
  e: 'archive',
  c: 'compose',
};

function press(key: string, page: Page): boolean {
  const { commands, store, onSheet } = page;
  const plain = PLAIN[key];
  if (plain !== undefined) {
    void commands.run(plain, {});
    return true;
  }
  switch (key) {
    case '#':
    case 'Delete':
      deleteOrAsk(commands);
      return true;
    case 'r':
      return answer('reply', page);
    case 'a':
      return answer('reply-all', page);
    case 'f':
      return answer('forward', page);
    case '/':
      focusSearch();
      return true;
    case '?':
      onSheet('help');
      return true;
    case 'v':
      if (hasTarget(store)) onSheet('move');
      return true;
    default:
      return pressMore(key, page);
  }
}

function pressMore(key: string, { commands, store }: Page): boolean {
  switch (key) {
    case 's':
      void commands.run(isStarred(store) ? 'unstar' : 'star', {});
      return true;
    case 'u':
      void commands.run(isUnread(store) ? 'mark-read' : 'mark-unread', {});
      return true;
    case 'x':
      toggleAtCursor(commands, store);
      return true;
    case 'z':
      undo(commands, store);
      return true;
    case 'Enter':
    case 'o':
      return openAtCursor(commands, store);
    case 'Escape':
      return escape(commands, store);
    default:
      return false;
  }
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

function isStarred(store: Store): boolean {
  return targetRow(store)?.starred ?? false;
}

function isUnread(store: Store): boolean {
  return targetRow(store)?.unread ?? false;
}

function toggleAtCursor(commands: Commands, store: Store): void {
  const row = targetRow(store);
  if (row === undefined) return;
  void commands.run('select', { thread: row.thread, selected: !store.view().selection.has(row.thread) });
}

/** A message that still waits is taken back first: it can't be later. */
function undo(commands: Commands, store: Store): void {
  const waiting = store.outgoing().find((one) => one.state.kind === 'waiting');
  if (waiting === undefined) void commands.run('undo', {});
  else void commands.run('cancel-send', { draft: waiting.draft });
}

function openAtCursor(commands: Commands, store: Store): boolean {
  const row = rowAtCursor(store);
  const inside = document.activeElement;
  if (row === undefined || (inside?.matches('a, button, summary') === true)) return false;
  void commands.run('open-conversation', { account: row.account, thread: row.thread });
  return true;
}

/** From the nearest thing outwards: the selection, the conversation, the search. */
function escape(commands: Commands, store: Store): boolean {
  const { selection, open, list } = store.view();
  if (selection.size > 0) void commands.run('clear-selection', {});
  else if (open !== null) {
    void commands.run('close-conversation', {});
    requestAnimationFrame(() => document.querySelector<HTMLElement>('#conversations [tabindex="0"]')?.focus());
  } else if (list !== null && list.search !== null) void commands.run('search', { text: '', everywhere: true });
  else return false;
  return true;
}
