import { heard, told } from './telling.ts';
import { MAIL, mailWindows } from './windows.ts';

const TAG = 'casier-mail';

/** What a notification remembers for when it is pressed. */
interface Kept {
  readonly open: string;
}

/** Tell of what the platform pushes, and bring the mail page forward when that is pressed. */
export function listenToPush(scope: ServiceWorkerGlobalScope): void {
  scope.addEventListener('push', (event) => event.waitUntil(onPush(scope, event.data?.text() ?? '')));
  scope.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(openMail(scope, event.notification.data));
  });
}

async function onPush(scope: ServiceWorkerGlobalScope, text: string): Promise<void> {
  const message = heard(text);
  const windows = await mailWindows(scope);
  // Who looks at the list sees the message come.
  if (!message.trial && windows.some((one) => one.focused)) return;
  const { title, body } = told(message);
  const kept: Kept = { open: MAIL };
  const options: NotificationOptions & { renotify: boolean } = {
    body,
    tag: message.trial ? `${TAG}-trial` : TAG,
    renotify: true,
    lang: message.language,
    icon: '/icones/192.png',
    badge: '/icones/badge.png',
    data: kept,
  };
  await scope.registration.showNotification(title, options);
  if (!message.trial) await scope.navigator.setAppBadge(message.count).catch(() => undefined);
}

/** The page that is open already, the one last looked at first; else a new one. */
async function openMail(scope: ServiceWorkerGlobalScope, data: unknown): Promise<void> {
  const [page] = await mailWindows(scope);
  if (page === undefined) {
    await scope.clients.openWindow(pathIn(data));
    return;
  }
  const focused = await page.focus().catch(() => page);
  focused.postMessage({ type: 'show-inbox' });
}

function pathIn(data: unknown): string {
  const open = typeof data === 'object' && data !== null ? (data as Partial<Kept>).open : undefined;
  return open ?? MAIL;
}
