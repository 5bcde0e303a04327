import { tellEnded } from '../store/copy/channel.ts';
import { vacate } from '../store/copy/database.ts';
import { mailWindows } from './windows.ts';

/** The pages without script end sessions by this form; the mail page by the same, marked, once it has cleared up itself. */
const SIGN_OUT = '/deconnexion/';
/** Nobody waits longer for a page that may be stuck: what it holds is sealed when its session ends. */
const SEND_MS = 5_000;
const GONE_MS = 15_000;
const STEP_MS = 250;

/**
 * Whoever signs out on a page without script leaves this device as from the mail page: open pages of mail send what
 * waits first; then mail goes. What couldn't be sent stays, sealed, for the person's next visit.
 */
export function clearWhenLeft(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener('fetch', (event) => {
    if (!isSignOut(event.request, scope.location.origin)) return;
    const done = Promise.withResolvers<undefined>();
    event.waitUntil(done.promise);
    event.respondWith(signOut(scope, event.request, () => done.resolve(undefined)));
  });
}

function isSignOut({ url, method, mode }: Request, ours: string): boolean {
  const { origin, pathname, search } = new URL(url);
  return method === 'POST' && mode === 'navigate' && origin === ours && pathname === SIGN_OUT && search === '';
}

async function signOut(scope: ServiceWorkerGlobalScope, request: Request, done: () => void): Promise<Response> {
  try {
    await Promise.race([sendAll(scope), after(SEND_MS)]).catch(() => undefined);
    const answer = await fetch(request);
    // Only a session that was ended leads to another page; another site's form is refused.
    if (answer.type === 'opaqueredirect') void clear(scope).catch(() => undefined).finally(done);
    else done();
    return answer;
  } catch (caught) {
    done();
    throw caught;
  }
}

/** Have every open page of mail send what waits. */
async function sendAll(scope: ServiceWorkerGlobalScope): Promise<void> {
  const pages = await mailWindows(scope);
  await Promise.all(
    pages.map((page) => {
      const { port1, port2 } = new MessageChannel();
      const answered = new Promise((resolve) => (port1.onmessage = resolve));
      page.postMessage({ type: 'send-all' }, [port2]);
      return answered;
    }),
  );
}

async function clear(scope: ServiceWorkerGlobalScope): Promise<void> {
  // They seal what is typed, and go; a telephone's page that nobody sees hears nothing from the platform.
  tellEnded();
  for (let waited = 0; (await mailWindows(scope)).length > 0; waited += STEP_MS) {
    if (waited >= GONE_MS) return;
    await after(STEP_MS);
  }
  const { registration, caches, navigator } = scope;
  for (const shown of await registration.getNotifications()) shown.close();
  if ('clearAppBadge' in navigator) await navigator.clearAppBadge().catch(() => undefined);
  // The platform has forgotten the device with its session.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  if (!(await vacate())) return;
  // The worker itself holds nothing of anyone, and stays: one that is taken away beside open pages comes back half.
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
