import type { KeyboardEvent } from 'react';

/** A toolbar is one stop of the Tab key; arrows move inside. */
export function moveInBar(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
  const tools = [...event.currentTarget.querySelectorAll('button')];
  const at = tools.indexOf(document.activeElement as HTMLButtonElement);
  const by = event.key === 'ArrowRight' ? 1 : tools.length - 1;
  tools[(at + by) % tools.length]?.focus();
}
