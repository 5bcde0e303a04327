import { useEffect } from 'react';

import { type Act, type Feature, type Page, useFeatures, usePage } from '../ui/features.tsx';
import { isCharacter, useShortcuts } from '../ui/keys.tsx';

/** How long G waits for where to go. */
const GO_FOR_MS = 1500;

/** One key, one act: whatever the page and its features can do, by the key that each names. Never over a sheet. */
export function useKeyboard(): void {
  const features = useFeatures();
  const page = usePage();
  const shortcuts = useShortcuts();
  useEffect(() => {
    let goSince = -GO_FOR_MS;
    const onKey = (event: KeyboardEvent): void => {
      const key = keyOf(event);
      if (key === null) return;
      const going = event.timeStamp - goSince < GO_FOR_MS;
      goSince = key === 'g' && !going ? event.timeStamp : -GO_FOR_MS;
      if (key === 'g' || (!shortcuts && isCharacter(key))) return;
      const act = actAt(features, page, going ? `g ${key}` : key);
      if (act === undefined) return;
      event.preventDefault();
      act.run();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [features, page, shortcuts]);
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

/** A sheet, a menu and a composer have keys of their own. */
function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('dialog, [role="menu"], .composer') !== null);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), textarea, select');
}
