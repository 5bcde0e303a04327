const PATH = '/api/push';
/** The platform says: this device isn't told any more, or nothing is on a shared computer. */
const ENDED = [403, 404];

/**
 * Browsers renew subscriptions when they see fit, while no page is open too: tell the platform where this device is
 * reached now, by the session that may be open here. Without one the page mends it at the next visit, and the old
 * address ends by itself at the next push.
 */
export function listenToRenewals(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(scope, event).catch(() => undefined)));
}

async function renew(scope: ServiceWorkerGlobalScope, { oldSubscription, newSubscription }: PushSubscriptionChangeEvent): Promise<void> {
  // Some browsers hand over the new one, some only say that the old one is no more.
  const subscription = newSubscription ?? (await subscribeAnew(scope, oldSubscription));
  if (subscription === null) return;
  const { endpoint, keys } = subscription.toJSON();
  const body = { before: oldSubscription?.endpoint ?? '', endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'] };
  const answer = await asked(`${PATH}/here/renewed`, { method: 'PUT', body: JSON.stringify(body) });
  if (ENDED.includes(answer.status)) await subscription.unsubscribe();
}

async function subscribeAnew({ registration }: ServiceWorkerGlobalScope, old: PushSubscription | null): Promise<PushSubscription | null> {
  const here = await registration.pushManager.getSubscription();
  if (here !== null) return here;
  const key = old?.options.applicationServerKey ?? (await keyOfPlatform());
  return key === null ? null : registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function keyOfPlatform(): Promise<string | null> {
  const answer = await asked(PATH, {});
  if (!answer.ok) return null;
  const { key } = (await answer.json()) as { readonly key: string };
  return key === '' ? null : key;
}

/** Nobody is there for it: the session's idle clock goes on. */
function asked(path: string, init: RequestInit): Promise<Response> {
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json', 'X-Casier-Background': '1' };
  return fetch(path, { ...init, headers, credentials: 'same-origin', redirect: 'error' });
}
