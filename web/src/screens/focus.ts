import { useEffect } from 'react';

/** Where the keys go when what had the focus is gone, from the nearest outwards; never into a field, where a telephone would ask for letters. */
const HOMES = ['#conversations [role="row"][tabindex="0"]', '#reading', '#mail'];

function isLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** Inside a sheet: its part's heading or its own, from where one reads on. */
function homeInside(sheet: Element): void {
  const heading = sheet.querySelector<HTMLElement>('.settings-title') ?? sheet.querySelector<HTMLElement>('h2');
  if (heading === null) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

function home(): void {
  if (!isLost()) return;
  const sheet = [...document.querySelectorAll('dialog[open]')].at(-1);
  if (sheet !== undefined) {
    homeInside(sheet);
    return;
  }
  const open = [...document.querySelectorAll<HTMLElement>('.composer:not([hidden]) .editor-text')].at(-1);
  const found = HOMES.map((selector) => document.querySelector<HTMLElement>(selector)).find((element) => element !== null);
  (open ?? found)?.focus({ preventScroll: true });
}

/** It can be pressed again, or was moved with its line: the browser took the focus off it meanwhile. */
function isBack(held: Element, { type, target, addedNodes }: MutationRecord): boolean {
  if (type === 'attributes') return target === held && !held.matches(':disabled');
  return [...addedNodes].some((node) => node.contains(held));
}

/**
 * The focus is never lost: when the row, the button or the sheet that had it goes away (archived, sent, closed), the
 * list takes it, at the row that came in its place; in a sheet, its heading. What comes back has it again.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let held: Element | null = null;
    const remember = (): void => {
      if (!isLost()) held = document.activeElement;
    };
    const check = (changes: readonly MutationRecord[]): void => {
      const last = held;
      if (last === null || !isLost()) return;
      if (last.isConnected) {
        if (last instanceof HTMLElement && changes.some((change) => isBack(last, change))) last.focus({ preventScroll: true });
        return;
      }
      held = null;
      // What comes in its place may take the focus itself.
      requestAnimationFrame(() => requestAnimationFrame(home));
    };
    const watch = new MutationObserver(check);
    document.addEventListener('focusin', remember);
    watch.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] });
    return () => {
      document.removeEventListener('focusin', remember);
      watch.disconnect();
    };
  }, []);
}
