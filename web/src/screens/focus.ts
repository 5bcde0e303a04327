import { useEffect } from 'react';

/** Where the keys go when what had the focus is gone, from the nearest outwards. */
const HOMES = ['#conversations [role="row"][tabindex="0"]', '#reading', '#search'];

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

function home(): void {
  if (!isLost() || document.querySelector('dialog[open]') !== null) return;
  const open = [...document.querySelectorAll<HTMLElement>('.composer:not([hidden]) .editor-text')].at(-1);
  const found = HOMES.map((selector) => document.querySelector<HTMLElement>(selector)).find((element) => element !== null);
  (open ?? found)?.focus({ preventScroll: true });
}

/**
 * The focus is never lost: when the row, the button or the sheet that had it goes away (archived, sent, closed), the
 * list takes it, at the row that came in its place.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let held: Element | null = null;
    const remember = (): void => {
      if (!isLost()) held = document.activeElement;
    };
    const check = (): void => {
      if (held === null || held.isConnected || !isLost()) return;
      held = null;
      // What comes in its place may take the focus itself.
      requestAnimationFrame(() => requestAnimationFrame(home));
    };
    const watch = new MutationObserver(check);
    document.addEventListener('focusin', remember);
    watch.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', remember);
      watch.disconnect();
    };
  }, []);
}
