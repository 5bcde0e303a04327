import type { KeyboardEvent } from 'react';

/**
 * Right and left go into the buttons of the row that has the keys and back out of them, as in any grid; Enter and
 * Space are then the button's. True for a key that is none of the list's any more.
 */
export function onRowButtons(event: KeyboardEvent): boolean {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[role="row"]') : null;
  if (row === null) return false;
  const buttons = [...row.querySelectorAll<HTMLElement>('.row-actions button')];
  const at = buttons.findIndex((button) => button === event.target);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return at >= 0 && (event.key === 'Enter' || event.key === ' ');
  const there = at + step < 0 ? row : buttons[Math.min(at + step, buttons.length - 1)];
  if (there === undefined || at + step < -1) return false;
  event.preventDefault();
  there.focus({ preventScroll: true });
  return true;
}
