import { useEffect, useRef } from 'react';

import { type Act, type Feature, type Page, useFeatures, usePage } from '../ui/features.tsx';
import { isCharacter, useShortcuts } from '../ui/keys.tsx';

/** How long G waits for where to go. */
const GO_FOR_MS = 1500;

/** So long at most what is typed waits for something to be there that it is meant for. */
const LOADED_WITHIN_MS = 3000;

/** One key, one act: whatever the page and its features can do, by the key that each names. Never over a sheet. */
export function useKeyboard(): void {
  const features = useFeatures();
  const page = usePage();
  const shortcuts = useShortcuts();
  // Between two keys the page may be drawn anew.
  const { current: since } = useRef({ go: -GO_FOR_MS, loads: -LOADED_WITHIN_MS });
  useEffect(() => {
    const act = (event: KeyboardEvent, keys: string): void => {
      const found = actAt(features, page, keys);
      if (found === undefined) return;
      event.preventDefault();
      if (found.typed === true) since.loads = event.timeStamp;
      found.run();
    };
    const onKey = (event: KeyboardEvent): void => {
      const key = keyOf(event);
      if (key === null) return;
      // The first words of an answer are no keys of the page.
      if (event.timeStamp - since.loads < LOADED_WITHIN_MS && isCharacter(key)) return;
      const going = event.timeStamp - since.go < GO_FOR_MS;
      since.go = key === 'g' && !going ? event.timeStamp : -GO_FOR_MS;
      if (key !== 'g' && (shortcuts || !isCharacter(key))) act(event, going ? `g ${key}` : key);
    };
    const onFocus = (): void => {
      since.loads = -LOADED_WITHIN_MS;
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('focusin', onFocus);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('focusin', onFocus);
    };
  }, [features, page, shortcuts, since]);
}

/** The act at a key, if it would do something now. */
function actAt(features: readonly Feature[], page: Page, keys: string): Act | undefined {
  const acts = features.flatMap((feature) => feature.acts?.(page) ?? []);
  return acts.find((act) => (act.keys === keys || act.also?.includes(keys) === true) && act.can?.() !== false);
}

/** What was pressed, as acts name it; null where it isn't the page's. */
function keyOf(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.altKey) return null;
  const held = event.ctrlKey || event.metaKey;
  if (isElsewhere(event.target) || (!held && isTyping(event.target))) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return held ? `ctrl+${key}` : key;
}

/** A sheet, a menu and a composer have keys of their own; a sheet also while nothing in it has the focus. */
function isElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]') !== null) return true;
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('dialog, [role="menu"], .composer') !== null);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), textarea, select');
}
