import { Clock, Pin, PinOff, Undo2 } from 'lucide-react';
import { lazy } from 'react';

import type { Store } from '../../store/types.ts';
import { type Act, type Feature, type Page, sheet } from '../../ui/features.tsx';
import { words } from './words.ts';

const Later = sheet<object>(() => import('./LaterSheet.tsx').then((module) => module.LaterSheet));
const drawn = () => import('./drawn.tsx');

function isPinned(store: Store): boolean {
  const { list, open, selection, cursor } = store.view();
  if (list === null) return false;
  const rows = store.list(list);
  const at = open === null || selection.size > 0 ? cursor : rows.indexOf(open.thread);
  const first = [...selection][0];
  return rows.row(first === undefined ? at : rows.indexOf(first))?.keywords.includes('$pinned') === true;
}

function isWaiting(store: Store): boolean {
  const { list } = store.view();
  return list !== null && store.mailboxes(list.account).some(({ id, role }) => id === list.mailbox && role === 'snoozed');
}

function actsOf(page: Page): readonly Act[] {
  const { commands, store } = page;
  const text = words[page.language.locale];
  const pinned = isPinned(store);
  const { group } = text;
  const pin = { id: 'pin', label: pinned ? text.unpin : text.pin, group, icon: pinned ? PinOff : Pin, keys: 'p' };
  return [
    { id: 'later', label: text.later, group, icon: Clock, keys: 'b', run: () => page.show(Later, {}) },
    ...(isWaiting(store) ? [{ id: 'now', label: text.now, group, icon: Undo2, run: () => void commands.run('bring-back', { text: text.back }) }] : []),
    { ...pin, run: () => void commands.run('pin', { on: !pinned, text: pinned ? text.unpinned : text.pinned }) },
  ];
}

/** Messages that go away until a date, and those that stay on top. */
export const followup: Feature = {
  id: 'followup',
  acts: actsOf,
  conversationActs: (page) =>
    actsOf(page).map(({ id, label, icon, keys, run }) => ({
      key: id, label, act: run, ...(icon === undefined ? {} : { icon }), ...(keys === undefined ? {} : { hint: keys.toUpperCase() }),
    })),
  marksOn: (row) => row.keywords.includes('$pinned'),
  RowMarks: lazy(() => drawn().then((module) => ({ default: module.RowPin }))),
  ConversationTop: lazy(() => drawn().then((module) => ({ default: module.WaitingUntil }))),
};
