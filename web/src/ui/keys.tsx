import { createContext, useContext } from 'react';

import type { Words } from '../i18n/index.tsx';

/** The key of each act of the page itself: what the keyboard obeys, what the help lists, what buttons hint at. */
export const KEYS = {
  'next': 'j',
  'previous': 'k',
  'open': 'Enter',
  'back': 'Escape',
  'search': '/',
  'help': '?',
  'palette': 'ctrl+k',
  'archive': 'e',
  'delete': '#',
  'move': 'v',
  'star': 's',
  'mark-unread': 'u',
  'select': 'x',
  'undo': 'z',
  'compose': 'c',
  'reply': 'r',
  'reply-all': 'a',
  'forward': 'f',
  'send': 'ctrl+Enter',
} as const;

export type ActName = keyof typeof KEYS;

/** Whether keys of one character do anything; some people's tools press them by accident. */
const ShortcutsContext = createContext(true);
export const ShortcutsProvider = ShortcutsContext.Provider;

export function useShortcuts(): boolean {
  return useContext(ShortcutsContext);
}

/** Keys that type a character, and so can be pressed by accident. */
export function isCharacter(keys: string): boolean {
  return keys.split(' ').some((key) => key.length === 1);
}

function pressed(key: string, { keys }: Words): string {
  const named: Record<string, string> = { Enter: keys.enter, Escape: keys.escape, ctrl: keys.ctrl };
  return named[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** The keys one after the other, each with what is held with it: `g i`, `ctrl+k`. */
export function keysInWords(keys: string, words: Words): readonly (readonly string[])[] {
  return keys.split(' ').map((step) => (step === '+' ? [step] : step.split('+').map((key) => pressed(key, words))));
}
