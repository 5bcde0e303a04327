import { describe, expect, it, vi } from 'vitest';

import { listenToPush } from './push.ts';
import { heard, told } from './telling.ts';

interface Page {
  readonly url: string;
  readonly focused: boolean;
  readonly focus: () => Promise<Page>;
  readonly postMessage: (message: unknown) => void;
}

/** A worker's surroundings with the pages that are open. */
function worker(pages: readonly Page[] = []) {
  const listeners = new Map<string, (event: unknown) => void>();
  const showNotification = vi.fn(() => Promise.resolve());
  const openWindow = vi.fn(() => Promise.resolve(null));
  const setAppBadge = vi.fn(() => Promise.resolve());
  const scope = {
    addEventListener: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
    registration: { showNotification },
    clients: { matchAll: () => Promise.resolve(pages), openWindow },
    navigator: { setAppBadge },
  };
  listenToPush(scope as unknown as Parameters<typeof listenToPush>[0]);
  const happen = async (name: string, event: object): Promise<void> => {
    let work: Promise<unknown> = Promise.resolve();
    listeners.get(name)?.({ ...event, waitUntil: (promise: Promise<unknown>) => (work = promise) });
    await work;
  };
  const push = (text: string | null) => happen('push', { data: text === null ? null : { text: () => text } });
  const press = (data: unknown) => happen('notificationclick', { notification: { close: () => undefined, data } });
  return { push, press, showNotification, openWindow, setAppBadge };
}

function page(focused: boolean, path = '/courrier/?fil=T1') {
  const posted: unknown[] = [];
  const one: Page = { url: `https://a.fr${path}`, focused, focus: () => Promise.resolve(one), postMessage: (message) => posted.push(message) };
  return { one, posted };
}

describe('a push', () => {
  it('is told with the number alone', async () => {
    const { push, showNotification, setAppBadge } = worker();
    await push('{"type":"mail","count":3,"language":"fr"}   ');
    expect(showNotification).toHaveBeenCalledWith('3\u00a0nouveaux messages', expect.objectContaining({ tag: 'casier-mail', lang: 'fr' }));
    expect(setAppBadge).toHaveBeenCalledWith(3);
  });

  it('is told whatever came: browsers want something for each', async () => {
    for (const text of [null, '', '{', '[]', '"x"', '{"count":-1,"language":"de"}', '{"count":1e99}', '{"title":"<b>x</b>"}']) {
      const { push, showNotification } = worker();
      await push(text);
      expect(showNotification).toHaveBeenCalledWith('Nouveau message', expect.anything());
    }
  });

  it('says nothing to who looks at the list, but when they try it', async () => {
    const looking = worker([page(true).one]);
    await looking.push('{"type":"mail","count":1}');
    expect(looking.showNotification).not.toHaveBeenCalled();
    await looking.push('{"type":"trial","language":"en"}');
    expect(looking.showNotification).toHaveBeenCalledWith('Notifications reach this device', expect.objectContaining({ tag: 'casier-mail-trial' }));
    expect(looking.setAppBadge).not.toHaveBeenCalled();
    const elsewhere = worker([page(true, '/compte/').one, page(false).one]);
    await elsewhere.push('{"type":"mail","count":1}');
    expect(elsewhere.showNotification).toHaveBeenCalled();
  });

  it('opens the mail when it is pressed, in the page that is there', async () => {
    const none = worker();
    await none.press({ open: '/courrier/' });
    expect(none.openWindow).toHaveBeenCalledWith('/courrier/');
    const { one, posted } = page(false);
    const there = worker([one]);
    await there.press(null);
    expect(there.openWindow).not.toHaveBeenCalled();
    expect(posted).toEqual([{ type: 'show-inbox' }]);
  });

  it('has words in both languages', () => {
    expect(told(heard('{"count":1,"language":"en"}'))).toEqual({ title: 'New message', body: 'Open your mail to read it.' });
    expect(told(heard('{"count":2,"language":"en"}')).title).toBe('2 new messages');
    expect(told(heard('{"type":"trial"}')).title).toBe('Les notifications arrivent sur cet appareil');
  });
});
