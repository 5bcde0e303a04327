import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { mockClient, until } from '../../mock/client.ts';
import type { Me } from '../../store/types.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { SILENT } from './alerts.ts';
import { type Device, type Pushing, renew, wantedHere } from './push.ts';
import { PushSection } from './PushSection.tsx';

const KEY = 'BEl62iUYgUivxIkv69yViEuiBIa-Ib9-SkvMeAtA3LFgDzkrxZJjSgSnfckjBJuBkr3qBUYIHBQFLXYp5Nksh8U';
const HERE: Device = { id: 'd1', name: 'Firefox, Linux', here: true, usedAt: '2026-11-24T09:00:00Z', fault: '' };

/** The browser's side: permission, worker, subscription. */
function browserSide(permission: NotificationPermission) {
  const state = { permission, subscribed: false, unsubscribed: 0, refuses: false };
  const subscription = {
    endpoint: 'https://push.example/a',
    options: { applicationServerKey: null },
    toJSON: () => ({ endpoint: 'https://push.example/a', keys: { p256dh: 'P', auth: 'A' } }),
    unsubscribe: () => {
      state.subscribed = false;
      state.unsubscribed += 1;
      return Promise.resolve(true);
    },
  };
  const pushManager = {
    getSubscription: () => Promise.resolve(state.subscribed ? subscription : null),
    subscribe: () => {
      if (state.refuses) return Promise.reject(new DOMException('no', 'NotAllowedError'));
      state.subscribed = true;
      return Promise.resolve(subscription);
    },
  };
  vi.stubGlobal('PushManager', Object);
  vi.stubGlobal('Notification', {
    get permission() {
      return state.permission;
    },
    requestPermission: () => {
      if (state.permission === 'default') state.permission = 'granted';
      return Promise.resolve(state.permission);
    },
  });
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  Object.defineProperty(navigator, 'serviceWorker', { configurable: true, value: { getRegistration: () => Promise.resolve({ pushManager }) } });
  return state;
}

function platform(said: Partial<Pushing> = {}) {
  const client = mockClient();
  const { routes } = client.server;
  const kept: Pushing & { devices: Device[] } = { off: '', key: KEY, devices: [], ...said } as Pushing & { devices: Device[] };
  const told: unknown[] = [];
  routes.set('GET /api/push', () => Response.json(kept));
  routes.set('PUT /api/push/here', (body) => {
    told.push(JSON.parse(body));
    kept.devices = [HERE, ...kept.devices.filter(({ here }) => !here)];
    return Response.json(HERE);
  });
  routes.set('DELETE /api/push/here', () => {
    told.push('ended');
    kept.devices = kept.devices.filter(({ here }) => !here);
    return new Response(null, { status: 204 });
  });
  routes.set('POST /api/push/here/trial', () => {
    told.push('trial');
    return new Response(null, { status: 202 });
  });
  return { ...client, kept, told };
}

async function drawn(client: ReturnType<typeof platform>, alerts = SILENT): Promise<Me> {
  await client.store.start();
  const me = client.store.me();
  if (me === null) throw new Error('nobody');
  render(
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <PushSection me={me} alerts={alerts} />
      </ClientProvider>
    </LanguageProvider>,
  );
  return me;
}

const box = () => screen.findByRole<HTMLInputElement>('checkbox', { name: 'Prévenir cet appareil' });

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, 'serviceWorker');
});

describe('telling this device', () => {
  it('asks the browser when the box is ticked, not before', async () => {
    const browser = browserSide('default');
    const client = platform();
    const me = await drawn(client);
    const tick = await box();
    expect(browser.permission).toBe('default');
    await userEvent.click(tick);
    await until('told', () => client.told.length === 1);
    expect(client.told[0]).toMatchObject({ endpoint: 'https://push.example/a', p256dh: 'P', auth: 'A', audience: 'all', quietFrom: '' });
    expect(wantedHere()).toEqual({ account: me.account, audience: 'all' });
    await userEvent.click(await screen.findByRole('radio', { name: /déjà écrit/ }));
    await until('told again', () => client.told.length === 2);
    expect(client.told[1]).toMatchObject({ audience: 'known' });
    await userEvent.click(await screen.findByRole('button', { name: 'Essayer' }));
    await screen.findByText(/dans les secondes/);
    expect(client.told).toContain('trial');
    await userEvent.click(await box());
    await until('ended', () => client.told.includes('ended'));
    expect([browser.subscribed, wantedHere()]).toEqual([false, null]);
    client.close();
  });

  it('is told of the mailboxes of others that were chosen', async () => {
    browserSide('granted');
    const client = platform();
    await drawn(client, { ...SILENT, shared: ['viesco@rouen.fr'] });
    await screen.findByText(/boîtes cochées plus haut/);
    await userEvent.click(await box());
    await until('told', () => client.told.length === 1);
    expect(client.told[0]).toMatchObject({ mailboxes: ['viesco@rouen.fr'] });
    client.close();
  });

  it.each([
    ['policy', /académie n’a pas activé/],
    ['nowhere', /pas d’accès à l’extérieur/],
    ['shared', /ordinateur partagé/],
  ] as const)('is not offered where it can’t be (%s)', async (off, words) => {
    browserSide('default');
    const client = platform({ off, key: '' });
    await drawn(client);
    await screen.findByText(words);
    expect(screen.queryByRole('checkbox')).toBeNull();
    client.close();
  });

  it('says what stands in the way', async () => {
    browserSide('denied');
    const client = platform();
    await drawn(client);
    await screen.findByText(/refuse les notifications/);
    client.close();
    cleanup();
    vi.unstubAllGlobals();
    const without = platform();
    await drawn(without);
    await screen.findByText(/ne sait pas le faire/);
    without.close();
  });

  it('says that it failed, and tells nobody', async () => {
    const browser = browserSide('granted');
    browser.refuses = true;
    const client = platform();
    await drawn(client);
    await userEvent.click(await box());
    await screen.findByText(/n’a pas pu s’inscrire/);
    expect([client.told, wantedHere()]).toEqual([[], null]);
    client.close();
  });
});

describe('at each visit', () => {
  it('the device is told of again; what somebody else left is ended', async () => {
    const browser = browserSide('granted');
    const client = platform();
    const me = await drawn(client);
    browser.subscribed = true;
    localStorage.setItem('casier:push', JSON.stringify({ account: me.account, audience: 'known' }));
    await renew(client.services, me, SILENT);
    expect(client.told).toEqual([expect.objectContaining({ audience: 'known' })]);
    localStorage.setItem('casier:push', JSON.stringify({ account: 'somebody@else.fr', audience: 'all' }));
    await renew(client.services, me, SILENT);
    expect([browser.subscribed, wantedHere(), client.told.length]).toEqual([false, null, 1]);
    client.close();
  });

  it('nothing is asked where nothing was wanted, nor on a shared computer', async () => {
    const browser = browserSide('granted');
    const client = platform();
    const me = await drawn(client);
    await renew(client.services, me, SILENT);
    browser.subscribed = true;
    localStorage.setItem('casier:push', JSON.stringify({ account: me.account, audience: 'all' }));
    await renew(client.services, { ...me, sharedComputer: true }, SILENT);
    expect([client.told, browser.subscribed]).toEqual([[], false]);
    client.close();
  });
});
