import type { LocalCopy } from '../../store/presence/local-copy.ts';
import { endSession } from '../../wire/sign-out.ts';

/** Set while a sign-out couldn't be told to the platform: it is told before anything else is shown. */
export const LEAVING = 'casier:leaving';

/** What this origin keeps beside the copy: the page itself and its worker. How the screen was arranged is nobody's secret, and stays. */
async function clearRest(): Promise<void> {
  try {
    localStorage.removeItem('casier:inbox');
    sessionStorage.clear();
    if ('caches' in globalThis) await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    if ('serviceWorker' in navigator) await Promise.all((await navigator.serviceWorker.getRegistrations()).map((one) => one.unregister()));
  } catch {
    // A browser that keeps nothing has nothing to clear.
  }
}

/**
 * Take everything off this device and end the session; what the platform doesn't have yet (`unsent`) stays, encrypted.
 * False when the platform can't be told now: it will be, as soon as this browser reaches it.
 */
export async function depart(copy: LocalCopy | null, unsent: boolean): Promise<boolean> {
  await copy?.wipe(!unsent);
  if (!unsent) await clearRest();
  if (await endSession()) return true;
  try {
    localStorage.setItem(LEAVING, '1');
  } catch {
    // The session ends by itself when nobody uses it.
  }
  return false;
}

/** Somebody has signed in since: that sign-out is done. */
export function departed(): void {
  try {
    localStorage.removeItem(LEAVING);
  } catch {
    // Nothing was kept.
  }
}

/** Go on with a sign-out that couldn't be told: again and again until it is. */
export function finishDeparting(): void {
  const again = async (): Promise<void> => {
    if (navigator.onLine && (await endSession(departed))) return;
    setTimeout(() => void again(), 3_000);
  };
  void again();
}
