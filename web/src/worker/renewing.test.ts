import { afterEach, describe, expect, it, vi } from 'vitest';

import { listenToRenewals } from './renewing.ts';

const OLD_KEY = new Uint8Array([4, 1]).buffer;

function subscription(endpoint: string) {
  return {
    endpoint,
    options: { applicationServerKey: OLD_KEY },
    toJSON: () => ({ endpoint, keys: { p256dh: `P of ${endpoint}`, auth: 'A' } }),
    unsubscribe: vi.fn(() => Promise.resolve(true)),
  };
}

type Subscription = ReturnType<typeof subscription>;

/** A worker whose browser gives `fresh` to who subscribes; what the platform was asked, and what it answers. */
function worker(answers: Readonly<Record<string, () => Response | Promise<Response>>>, here: Subscription | null = null) {
  const fresh = subscription('https://push.example/fresh');
  const subscribe = vi.fn(() => Promise.resolve(fresh));
  let listener: (event: unknown) => void = () => undefined;
  const scope = {
    addEventListener: (_name: string, heard: typeof listener) => void (listener = heard),
    registration: { pushManager: { getSubscription: () => Promise.resolve(here), subscribe } },
  };
  const asked: { readonly path: string; readonly init: RequestInit }[] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => {
    asked.push({ path, init });
    return Promise.resolve().then(() => answers[`${init.method ?? 'GET'} ${path}`]?.() ?? new Response(null, { status: 500 }));
  });
  listenToRenewals(scope as unknown as Parameters<typeof listenToRenewals>[0]);
  const change = async (oldSubscription: Subscription | null, newSubscription: Subscription | null): Promise<void> => {
    let work: Promise<unknown> = Promise.resolve();
    listener({ oldSubscription, newSubscription, waitUntil: (promise: Promise<unknown>) => (work = promise) });
    await work;
  };
  const told = () => asked.filter(({ init }) => init.method === 'PUT').map(({ init }) => JSON.parse(init.body as string) as unknown);
  return { change, asked, told, subscribe, fresh };
}

const done = (status: number) => ({ 'PUT /api/push/here/renewed': () => new Response(null, { status }) });

afterEach(() => vi.unstubAllGlobals());

describe('a subscription that the browser has renewed', () => {
  it('is told to the platform, by the open session and without counting as activity', async () => {
    const { change, asked, told, subscribe } = worker(done(204));
    const renewed = subscription('https://push.example/new');
    await change(subscription('https://push.example/old'), renewed);
    expect(told()).toEqual([{ before: 'https://push.example/old', endpoint: 'https://push.example/new', p256dh: 'P of https://push.example/new', auth: 'A' }]);
    expect(asked[0]?.init).toMatchObject({ credentials: 'same-origin', redirect: 'error', headers: { 'X-Casier-Background': '1', 'Content-Type': 'application/json' } });
    expect([subscribe.mock.calls.length, renewed.unsubscribe.mock.calls.length]).toEqual([0, 0]);
  });

  it('is made where the browser only says that the old one is over', async () => {
    const { change, told, subscribe } = worker(done(204));
    await change(subscription('https://push.example/old'), null);
    expect(subscribe).toHaveBeenCalledWith({ userVisibleOnly: true, applicationServerKey: OLD_KEY });
    expect(told()).toEqual([expect.objectContaining({ before: 'https://push.example/old', endpoint: 'https://push.example/fresh' })]);
  });

  it('is found where it is here already, or made with the key of the platform', async () => {
    const there = worker(done(204), subscription('https://push.example/here'));
    await there.change(null, null);
    expect(there.told()).toEqual([expect.objectContaining({ before: '', endpoint: 'https://push.example/here' })]);
    const none = worker({ ...done(204), 'GET /api/push': () => Response.json({ off: '', key: 'BKEY' }) });
    await none.change(null, null);
    expect(none.subscribe).toHaveBeenCalledWith({ userVisibleOnly: true, applicationServerKey: 'BKEY' });
    const off = worker({ ...done(204), 'GET /api/push': () => Response.json({ off: 'policy', key: '' }) });
    await off.change(null, null);
    expect([off.subscribe.mock.calls.length, off.told()]).toEqual([0, []]);
  });

  it.each([403, 404])('ends where this device is told nothing any more (%i)', async (status) => {
    const { change } = worker(done(status));
    const renewed = subscription('https://push.example/new');
    await change(null, renewed);
    expect(renewed.unsubscribe).toHaveBeenCalledOnce();
  });

  it('waits for the next visit where nobody is signed in, or the platform is away', async () => {
    const gone = (): Response => {
      throw new TypeError('network');
    };
    for (const answers of [done(401), done(503), { 'PUT /api/push/here/renewed': gone }]) {
      const { change, told } = worker(answers);
      const renewed = subscription('https://push.example/new');
      await change(null, renewed);
      expect([told().length, renewed.unsubscribe.mock.calls.length]).toEqual([1, 0]);
    }
  });
});
