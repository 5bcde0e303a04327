import type { Services } from '../../commands/types.ts';
import type { Me } from '../../store/types.ts';
import { ask, askJson } from '../../wire/http.ts';
import type { Alerts } from './alerts.ts';

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly here: boolean;
  readonly usedAt: string;
  /** Why the last push didn't leave: `unreached` or `refused`; empty where it did. */
  readonly fault: string;
}

/** What the platform says of pushes. */
export interface Pushing {
  /** Why there are none here; empty where there are. */
  readonly off: '' | 'policy' | 'nowhere' | 'shared';
  readonly key: string;
  readonly devices: readonly Device[];
}

export type Audience = 'all' | 'known';

/** What this browser was asked to do, and by whom. */
export interface Wanted {
  readonly account: string;
  readonly audience: Audience;
}

/** Why this browser can't; `homescreen`: it could once the mail is on its home screen. */
export type Obstacle = 'unsupported' | 'homescreen' | 'blocked' | null;

const KEPT = 'casier:push';
const PATH = '/api/push';

export function obstacle(): Obstacle {
  const { userAgent, maxTouchPoints } = navigator;
  const apple = /iPhone|iPad/.test(userAgent) || (userAgent.includes('Macintosh') && maxTouchPoints > 1);
  if (apple && !matchMedia('(display-mode: standalone)').matches) return 'homescreen';
  if (!('serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window)) return 'unsupported';
  return Notification.permission === 'denied' ? 'blocked' : null;
}

/** What was asked of this browser; null where nothing was, or it keeps nothing. */
export function wantedHere(): Wanted | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return null;
    const { account, audience } = kept as Readonly<Record<string, unknown>>;
    return typeof account === 'string' ? { account, audience: audience === 'known' ? 'known' : 'all' } : null;
  } catch {
    return null;
  }
}

function keep(wanted: Wanted | null): void {
  try {
    if (wanted === null) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, JSON.stringify(wanted));
  } catch {
    // The subscription itself still says that there is one.
  }
}

export function pushing(services: Services): Promise<Pushing> {
  return askJson<Pushing>(services.road, PATH, { background: true });
}

/** Subscribe this browser, and tell the platform. Throws what the browser or the platform refuses. */
export async function subscribe(services: Services, me: Me, key: string, alerts: Alerts, audience: Audience): Promise<void> {
  const manager = await managerHere();
  if (manager === null) throw new Error('no worker');
  const before = await manager.getSubscription();
  // Made for another key (the platform has a new one): worth nothing any more.
  if (before !== null && keyOf(before) !== key) await before.unsubscribe();
  const subscription = await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await tell(services, subscription, alerts, audience);
  keep({ account: me.account, audience });
}

/** Nothing more to this browser. Where the platform can't be told, the push service tells it at the next message. */
export async function unsubscribe(services: Services): Promise<void> {
  keep(null);
  const subscription = await (await managerHere())?.getSubscription();
  await subscription?.unsubscribe();
  await ask(services.road, `${PATH}/here`, { method: 'DELETE' }).catch(() => undefined);
}

/** At each visit: the device belongs to the session that is open now, and what came until now is seen. */
export async function renew(services: Services, me: Me, alerts: Alerts): Promise<void> {
  const wanted = wantedHere();
  if (wanted?.account !== me.account || me.sharedComputer) {
    await endOthers();
    return;
  }
  if (obstacle() !== null || Notification.permission !== 'granted') return;
  const { off, key } = await pushing(services);
  if (off === '') await subscribe(services, me, key, alerts, wanted.audience);
}

/** What somebody else left, who used this browser before; the platform learns of it from the push service. */
async function endOthers(): Promise<void> {
  const subscription = await (await managerHere())?.getSubscription();
  keep(null);
  await subscription?.unsubscribe();
}

export async function tryOut(services: Services): Promise<void> {
  await ask(services.road, `${PATH}/here/trial`, { method: 'POST' });
}

export async function removeDevice(services: Services, id: string): Promise<void> {
  await ask(services.road, `${PATH}/devices/${id}`, { method: 'DELETE' });
}

async function tell(services: Services, subscription: PushSubscription, alerts: Alerts, audience: Audience): Promise<void> {
  const { endpoint, keys } = subscription.toJSON();
  const body = {
    endpoint,
    p256dh: keys?.['p256dh'],
    auth: keys?.['auth'],
    audience,
    quietFrom: alerts.quietFrom,
    quietUntil: alerts.quietUntil,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    mailboxes: alerts.shared,
  };
  await ask(services.road, `${PATH}/here`, { method: 'PUT', body, background: true });
}

/** Null where no worker stands behind the page: private windows, browsers told to keep nothing. */
async function managerHere(): Promise<PushManager | null> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return null;
  return (await navigator.serviceWorker.getRegistration('/'))?.pushManager ?? null;
}

function keyOf({ options }: PushSubscription): string {
  const bytes = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
