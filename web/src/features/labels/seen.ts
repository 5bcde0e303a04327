import { useSyncExternalStore } from 'react';

import type { Label } from '../../ui/labels.ts';

/** Labels of other mail programs that some message on the screen bore: the pane lists them from then on. */
let seen: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

export function noteSeen(labels: readonly Label[]): void {
  const fresh = labels.filter(({ keyword }) => keyword.startsWith('$') && !seen.has(keyword));
  if (fresh.length === 0) return;
  seen = new Set([...seen, ...fresh.map(({ keyword }) => keyword)]);
  // Rows are being drawn: who listens is told afterwards.
  queueMicrotask(() => {
    for (const listener of listeners) listener();
  });
}

export function useSeen(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => seen,
  );
}
