/** Longer than a page takes to load again; nobody should find a page that was left. */
const HELD_MS = 20_000;

interface Held {
  readonly lent: unknown;
  readonly until: number;
}

/**
 * Hold the keys of a page that goes away, in memory alone, until it is here again: loading a page again without a
 * network shows what it showed. The browser ends this worker soon after; then the keys are gone.
 */
export function holdKeys(scope: ServiceWorkerGlobalScope, now: () => number = Date.now): void {
  let held: Held | null = null;
  scope.addEventListener('message', (event) => {
    const { type, lent } = said(event.data);
    if (type === 'hold-keys') held = lent === null || lent === undefined ? null : { lent, until: now() + HELD_MS };
    if (type !== 'lend-keys') return;
    const found = held !== null && held.until > now() ? held.lent : null;
    held = null;
    event.ports[0]?.postMessage(found);
  });
}

function said(data: unknown): { readonly type?: unknown; readonly lent?: unknown } {
  return typeof data === 'object' && data !== null ? data : {};
}
