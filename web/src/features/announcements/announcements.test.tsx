import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { mockClient, until } from '../../mock/client.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { Announcements } from './Announcements.tsx';
import { type Announcement, follow } from './asking.ts';

function announcement(id: string, level: Announcement['level'], french: string): Announcement {
  return { id, level, french, english: `${french} (en)`, endsAt: null };
}

function platform(shown: Announcement[], changesAt: string | null = null) {
  const client = mockClient();
  const dismissed: string[] = [];
  let asked = 0;
  client.server.routes.set('GET /api/announcements', () => {
    asked += 1;
    return Response.json({ announcements: shown.filter((one) => !dismissed.includes(one.id)), changesAt });
  });
  for (const { id } of shown) {
    client.server.routes.set(`PUT /api/announcements/${id}/dismissed`, () => {
      dismissed.push(id);
      return new Response(null, { status: 204 });
    });
  }
  return { ...client, dismissed, asked: () => asked };
}

function draw(client: ReturnType<typeof platform>, locale: 'fr' | 'en' = 'fr') {
  render(
    <LanguageProvider locale={locale}>
      <ClientProvider client={client}>
        <Announcements />
      </ClientProvider>
    </LanguageProvider>,
  );
}

afterEach(cleanup);

describe('announcements', () => {
  it('shows text as text, whatever it looks like', async () => {
    draw(platform([announcement('a', 'information', '<img src=x onerror=alert(1)> <b>gras</b>')]));
    expect(await screen.findByText('<img src=x onerror=alert(1)> <b>gras</b>')).toBeTruthy();
    expect(document.querySelector('.announcements img, .announcements b')).toBeNull();
  });

  it('opens the addresses that it names, apart from the mail', async () => {
    draw(platform([announcement('a', 'critical', 'Panne du réseau : voir https://etat.ac-rouen.fr/reseau. Merci.')]));
    const link = await screen.findByRole('link', { name: 'https://etat.ac-rouen.fr/reseau' });
    expect(link.getAttribute('href')).toBe('https://etat.ac-rouen.fr/reseau');
    expect(link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('speaks the person’s language', async () => {
    draw(platform([announcement('a', 'warning', 'Maintenance')]), 'en');
    expect(await screen.findByText('Maintenance (en)')).toBeTruthy();
  });

  it('puts aside what isn’t critical, and says so to the platform', async () => {
    const client = platform([announcement('a', 'critical', 'Hameçonnage'), announcement('b', 'information', 'Bonjour')]);
    draw(client);
    await screen.findByText('Bonjour');
    const buttons = screen.getAllByRole('button');
    expect(buttons).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'Masquer cette annonce' }));
    expect(screen.queryByText('Bonjour')).toBeNull();
    expect(screen.getByRole('alert').textContent).toContain('Hameçonnage');
    await until('the platform knows', () => client.dismissed.includes('b'));
  });

  it('shows it again where the platform didn’t take it', async () => {
    const client = platform([announcement('b', 'information', 'Bonjour')]);
    draw(client);
    await screen.findByText('Bonjour');
    client.server.interfere = (_path, method) => (method === 'PUT' ? 'broken' : null);
    await userEvent.click(screen.getByRole('button', { name: 'Masquer cette annonce' }));
    await waitFor(() => expect(screen.getByText('Bonjour')).toBeTruthy());
  });

  it('asks when it is told, after a break, and when something begins; never in between', async () => {
    const client = platform([], new Date(Date.parse('2026-11-24T13:05:00Z') + 40).toISOString());
    await client.store.start();
    const shown = vi.fn();
    const stop = follow(client.services, shown, () => 0);
    await until('the first answer', () => shown.mock.calls.length > 0);
    await until('asked again at the moment', () => client.asked() > 1);
    const before = client.asked();
    client.server.emit('announcements', {});
    await until('asked when told', () => client.asked() > before);
    stop();
    const after = client.asked();
    client.server.emit('announcements', {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(client.asked()).toBe(after);
    client.close();
  });
});
