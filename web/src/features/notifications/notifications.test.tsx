import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { mockClient, until } from '../../mock/client.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { hostOf, type Notification } from './asking.ts';
import { Bell } from './Bell.tsx';

function notification(id: string, more: Partial<Notification> = {}): Notification {
  return { id, service: 'Bulletins', title: `Titre ${id}`, text: '', link: '', at: '2026-11-24T09:00:00Z', read: false, ...more };
}

function platform(told: Notification[]) {
  const client = mockClient();
  const { routes } = client.server;
  const kept = [...told];
  const acted: string[] = [];
  routes.set('GET /api/notifications', () => Response.json({ unread: kept.filter((one) => !one.read).length, notifications: kept }));
  for (const act of ['read', 'removed']) {
    routes.set(`POST /api/notifications/${act}`, (body) => {
      acted.push(`${act} ${(JSON.parse(body) as { ids: string[] }).ids.join(' ')}`);
      return new Response(null, { status: 204 });
    });
  }
  return { ...client, kept, acted };
}

function draw(client: ReturnType<typeof platform>) {
  render(
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <Bell />
      </ClientProvider>
    </LanguageProvider>,
  );
}

beforeEach(() => {
  // jsdom has no popovers.
  HTMLElement.prototype.showPopover = () => undefined;
});
afterEach(cleanup);

async function opened(client: ReturnType<typeof platform>, name: RegExp) {
  draw(client);
  await userEvent.click(await screen.findByRole('button', { name }));
  // jsdom takes a popover to be hidden, whatever was asked of it.
  const panel = document.querySelector<HTMLElement>('.bell-panel');
  if (panel === null) throw new Error('no panel');
  return within(panel);
}

describe('the bell', () => {
  it('shows the service’s name, and text as text', async () => {
    const client = platform([notification('a', { title: '<img src=x onerror=alert(1)>', text: '<script>alert(1)</script>' })]);
    const panel = await opened(client, /1 nouvelle$/);
    expect(panel.getByText('Bulletins')).toBeTruthy();
    expect(panel.getByText('<img src=x onerror=alert(1)>')).toBeTruthy();
    expect(panel.getByText('<script>alert(1)</script>')).toBeTruthy();
    expect(document.querySelector('.bell-panel img, .bell-panel script')).toBeNull();
  });

  it('says where a link leads and lets it know nothing of us', async () => {
    const panel = await opened(platform([notification('a', { link: 'https://bulletins.ac-rouen.fr/3B' })]), /1 nouvelle$/);
    const link = panel.getByText('Ouvrir bulletins.ac-rouen.fr').closest('a');
    expect(link?.getAttribute('rel')).toBe('noopener noreferrer');
    expect(link?.target).toBe('_blank');
  });

  it('draws no link that isn’t https, whatever the server said', async () => {
    expect(['javascript:alert(1)', 'data:text/html,x', 'http://a.fr/', '//a.fr', '', 'https://a.fr@b.fr/'].map(hostOf)).toEqual(Array(6).fill(null));
    await opened(platform([notification('a', { link: 'javascript:alert(1)' })]), /1 nouvelle$/);
    expect(document.querySelector('.bell-panel a')).toBeNull();
  });

  it('counts what is new; opening it reads them, removing takes them out', async () => {
    const client = platform([notification('a'), notification('b'), notification('c', { read: true })]);
    const panel = await opened(client, /2 nouvelles$/);
    await until('read', () => client.acted.includes('read a b'));
    expect(document.querySelector('.bell-count')).toBeNull();
    await userEvent.click(panel.getByText('Tout retirer'));
    await until('removed', () => client.acted.includes('removed a b c'));
    expect(panel.getByText('Rien pour l’instant')).toBeTruthy();
  });

  it('hears of a new one by the stream of events', async () => {
    const client = platform([]);
    await client.store.start();
    draw(client);
    await screen.findByRole('button', { name: 'Notifications' });
    client.kept.unshift(notification('d'));
    client.server.emit('notifications', {});
    expect(await screen.findByRole('button', { name: /1 nouvelle$/ })).toBeTruthy();
    client.close();
  });
});
