import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { openDatabase } from '../store/copy/database.ts';
import { clearWhenLeft } from './leaving.ts';

const ORIGIN = 'https://rouen.localhost';
const SEALED = new Uint8Array(4);

async function keep(person: string, waits: boolean): Promise<void> {
  const database = await openDatabase(person, () => undefined);
  await database.put('mail', { at: 1, size: 4, data: SEALED }, 'piece');
  if (waits) await database.put('drafts', SEALED, 'tab:1');
  database.close();
}

async function waiting(person: string): Promise<readonly number[]> {
  const database = await openDatabase(person, () => undefined);
  const counts = [await database.count('mail'), await database.count('drafts')];
  database.close();
  return counts;
}

const names = async () => (await indexedDB.databases()).map(({ name }) => name).sort();

interface Page {
  readonly url: string;
  readonly postMessage: (message: unknown, ports: readonly MessagePort[]) => void;
}

/** A worker whose pages are `pages`, as they are at that moment; the platform answers `answer`. */
function worker(pages: () => readonly Page[], answer: () => Promise<unknown>) {
  let listener: (event: unknown) => void = () => undefined;
  const order: string[] = [];
  const unsubscribe = vi.fn(() => Promise.resolve(true));
  const shown = { close: vi.fn() };
  const scope = {
    addEventListener: (_name: string, heard: typeof listener) => void (listener = heard),
    location: { origin: ORIGIN },
    clients: { matchAll: () => Promise.resolve(pages()) },
    registration: { getNotifications: () => Promise.resolve([shown]), pushManager: { getSubscription: () => Promise.resolve({ unsubscribe }) } },
    caches: { keys: () => Promise.resolve(['casier-shell-v1']), delete: (name: string) => Promise.resolve(order.push(`dropped ${name}`)) },
    navigator: {},
  };
  vi.stubGlobal('fetch', () => {
    order.push('signed out');
    return answer();
  });
  clearWhenLeft(scope as unknown as Parameters<typeof clearWhenLeft>[0]);
  const ask = async (path: string, method = 'POST', mode = 'navigate'): Promise<unknown> => {
    let lasting: Promise<unknown> = Promise.resolve();
    const answers: Promise<unknown>[] = [];
    listener({
      request: { url: ORIGIN + path, method, mode },
      waitUntil: (promise: Promise<unknown>) => (lasting = promise),
      respondWith: (promise: Promise<unknown>) => answers.push(promise),
    });
    if (answers.length === 0) return 'the browser asks itself';
    const given: unknown = await answers[0]?.catch((caught: unknown) => caught);
    await lasting;
    return given;
  };
  return { ask, order, unsubscribe, shown };
}

const ENDED = { type: 'opaqueredirect' };
const signedOut = () => Promise.resolve(ENDED);

/** What was told to the pages of this browser: a real channel would reach tests in other threads. */
const told: unknown[] = [];

class Channel {
  postMessage = (said: unknown) => told.push(said);
  close = () => undefined;
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('BroadcastChannel', Channel);
  told.length = 0;
});
afterEach(() => vi.unstubAllGlobals());

describe('signing out on a page without script', () => {
  it('takes mail off the device; what waits stays sealed, and so does the page that sends it', async () => {
    await keep('claire', false);
    await keep('ali', true);
    const { ask, order, unsubscribe, shown } = worker(() => [], signedOut);
    expect(await ask('/deconnexion/')).toBe(ENDED);
    expect(await names()).toEqual(['casier:ali']);
    expect(await waiting('ali')).toEqual([0, 1]);
    expect([order, unsubscribe.mock.calls.length, shown.close.mock.calls.length]).toEqual([['signed out'], 1, 1]);
  });

  it('leaves nothing where nothing waits', async () => {
    await keep('claire', false);
    indexedDB.open('somebody-else');
    const { ask, order } = worker(() => [], signedOut);
    await ask('/deconnexion/');
    expect(await names()).toEqual(['somebody-else']);
    expect(order).toEqual(['signed out', 'dropped casier-shell-v1']);
  });

  it('lets open pages of mail send first, and waits until they have gone', async () => {
    await keep('claire', true);
    const order: string[] = [];
    let open = true;
    const page: Page = {
      url: `${ORIGIN}/courrier/?fil=1`,
      postMessage: (message, [port]) => {
        order.push((message as { type: string }).type);
        void openDatabase('claire', () => undefined).then(async (database) => {
          await database.clear('drafts');
          database.close();
          port?.postMessage(null);
        });
      },
    };
    const elsewhere: Page = { url: `${ORIGIN}/compte/`, postMessage: () => order.push('asked a page that knows nothing') };
    const { ask } = worker(
      () => (open ? [page, elsewhere] : [elsewhere]),
      () => {
        order.push('signed out');
        setTimeout(() => (open = false), 400);
        return signedOut();
      },
    );
    await ask('/deconnexion/');
    expect([order, told]).toEqual([['send-all', 'signed out'], [{ kind: 'ended' }]]);
    expect(await names()).toEqual([]);
  });

  it('goes on without a page that is stuck, and touches nothing that one has open', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    await keep('claire', false);
    const stuck: Page = { url: `${ORIGIN}/courrier/`, postMessage: () => undefined };
    const { ask, order } = worker(() => [stuck], signedOut);
    const given = ask('/deconnexion/');
    await vi.advanceTimersByTimeAsync(30_000);
    vi.useRealTimers();
    expect(await given).toBe(ENDED);
    expect(order).toEqual(['signed out']);
    expect(await waiting('claire')).toEqual([1, 0]);
  });

  it('clears nothing when nobody was signed out', async () => {
    await keep('claire', false);
    const refused = { type: 'basic', status: 403 };
    expect(await worker(() => [], () => Promise.resolve(refused)).ask('/deconnexion/')).toBe(refused);
    expect(await worker(() => [], () => Promise.reject(new TypeError('network'))).ask('/deconnexion/')).toBeInstanceOf(TypeError);
    expect(await waiting('claire')).toEqual([1, 0]);
  });

  it.each([
    ['/deconnexion/', 'GET', 'navigate'],
    ['/deconnexion/', 'POST', 'cors'],
    // The mail page has cleared up itself, as its person chose.
    ['/deconnexion/?du-courrier', 'POST', 'navigate'],
    ['/connexion/', 'POST', 'navigate'],
  ])('is none of ours: %s %s %s', async (path, method, mode) => {
    await keep('claire', false);
    expect(await worker(() => [], signedOut).ask(path, method, mode)).toBe('the browser asks itself');
    expect(await waiting('claire')).toEqual([1, 0]);
  });
});
