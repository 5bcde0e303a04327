const FILE = '/service-worker.js';
const HOUR_MS = 3_600_000;

/**
 * Stand the service worker behind the pages of this browser, and look for a newer one now and then while a page stays
 * open. Returns how to stop looking.
 */
export function standWorker(now: () => number): () => void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return () => undefined;
  let last = now();
  // A browser that forbids it does without: nothing is kept, nothing announced.
  const standing = navigator.serviceWorker.register(FILE, { scope: '/', updateViaCache: 'none' }).catch(() => null);
  const seen = (): void => {
    if (document.visibilityState === 'hidden' || now() - last < HOUR_MS) return;
    last = now();
    void standing.then((registration) => registration?.update()).catch(() => undefined);
  };
  document.addEventListener('visibilitychange', seen);
  return () => document.removeEventListener('visibilitychange', seen);
}

/** A shared computer keeps nothing, whoever used it before. */
export async function removeWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const standing = await navigator.serviceWorker.getRegistrations();
  await Promise.all(standing.map((registration) => registration.unregister()));
}
