import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { mockClient, type MockClient, until } from '../../mock/client.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { LEAVING } from './departing.ts';
import { countdown, idleness } from './idle.ts';
import { Leaving } from './Leaving.tsx';
import { Notices } from './Notices.tsx';
import { isNothing, sendAll, unsentIn } from './unsent.ts';

const SECOND = 1_000;

describe('nobody there', () => {
  const terms = { idleSeconds: 1_800, warningSeconds: 120 };

  it('is warned of before, and gone at the end', () => {
    expect(idleness(terms, 0, 1_679 * SECOND)).toEqual({ kind: 'here' });
    expect(idleness(terms, 0, 1_680 * SECOND)).toEqual({ kind: 'warned', until: 1_800 * SECOND });
    expect(idleness(terms, 0, 1_800 * SECOND)).toEqual({ kind: 'gone' });
    // A laptop that slept.
    expect(idleness(terms, 0, 90_000 * SECOND)).toEqual({ kind: 'gone' });
  });

  it('is warned of for a third of a short session at most', () => {
    expect(idleness({ idleSeconds: 60, warningSeconds: 120 }, 0, 39 * SECOND).kind).toBe('here');
    expect(idleness({ idleSeconds: 60, warningSeconds: 120 }, 0, 41 * SECOND).kind).toBe('warned');
  });

  it('is told in plain figures', () => {
    expect([countdown(80 * SECOND), countdown(60 * SECOND), countdown(400), countdown(-5)]).toEqual([
      '1\u00a0min 20\u00a0s', '1\u00a0min', '1\u00a0s', '0\u00a0s',
    ]);
  });
});

describe('leaving', () => {
  let client: MockClient;
  const submitted = vi.fn();

  beforeEach(async () => {
    submitted.mockReset();
    HTMLFormElement.prototype.submit = submitted;
    // jsdom draws no modal sheets.
    HTMLDialogElement.prototype.showModal = function showModal() {
      this.open = true;
    };
    HTMLDialogElement.prototype.close = () => undefined;
    client = mockClient();
    vi.stubGlobal('fetch', () =>
      client.server.interfere('/deconnexion/', 'GET', '') === 'broken'
        ? Promise.reject(new TypeError('network'))
        : Promise.resolve(new Response('<form method="post" action="/deconnexion/"></form>')),
    );
    await client.store.start();
    await client.commands.run('compose', { to: [{ name: null, email: 'a@b.fr' }] });
    await client.commands.run('edit', { draft: client.store.view().composers[0]!.draft, change: { subject: 'Dernier' } });
    localStorage.clear();
  });
  afterEach(() => {
    cleanup();
    client.close();
    vi.unstubAllGlobals();
  });

  function draw(): void {
    render(
      <LanguageProvider locale="fr">
        <ClientProvider client={client}>
          <Leaving me={client.store.me()!} />
        </ClientProvider>
      </LanguageProvider>,
    );
  }

  it('sends what waits, then ends the session, without a question', async () => {
    expect(unsentIn(client.store).drafts).toBe(1);
    draw();
    await until('the session is ended', () => submitted.mock.calls.length === 1);
    // Marked: the worker needn't clear up behind a page that has done so.
    expect([...document.forms].at(-1)?.getAttribute('action')).toBe('/deconnexion/?du-courrier');
    expect([...client.server.store.emails.values()].map(({ subject }) => subject)).toContain('Dernier');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('on another page of the site: what waits is sent while it may be, and a line that is cut is no wall', async () => {
    const send = () => client.commands.run('send-waiting', {});
    await sendAll(client.store, send);
    expect(isNothing(unsentIn(client.store))).toBe(true);
    expect([...client.server.store.emails.values()].map(({ subject }) => subject)).toContain('Dernier');
    // Open still, but on the server alone; what is typed after that lies here again.
    await client.commands.run('forget-saved', {});
    expect(await client.shelf.all('drafts')).toEqual([]);
    const [draft] = client.store.drafts();
    await client.commands.run('edit', { draft: draft!.key, change: { subject: 'Encore' } });
    await client.commands.run('keep-typed', {});
    expect(await client.shelf.all('drafts')).toHaveLength(1);
    let tries = 0;
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const hopeless = sendAll({ drafts: () => [], outgoing: () => [], pending: () => 1 }, () => Promise.resolve((tries += 1)));
    await vi.advanceTimersByTimeAsync(10_000);
    await hopeless;
    vi.useRealTimers();
    expect(tries).toBe(12);
  });

  it('without a network asks; who goes leaves it where it is, and the session is ended later', async () => {
    client.server.interfere = () => 'broken';
    client.server.breakStreams();
    await client.commands.run('save-draft', { draft: client.store.drafts()[0]!.key });
    draw();
    expect(await screen.findByText('1 brouillon')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Attendre' }));
    expect(screen.getByText('En attente du réseau…')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Partir sans attendre' }));
    await until('locked', () => client.locked() === 1);
    expect(localStorage.getItem(LEAVING)).toBe('1');
    expect(client.store.me()).toBeNull();
    expect((await client.shelf.all('drafts')).map(([, kept]) => kept)).toMatchObject([{ draft: { content: { subject: 'Dernier' } } }]);
    expect(submitted).not.toHaveBeenCalled();
  });

  it('who waits leaves by themselves once the network is back', async () => {
    client.server.interfere = () => 'broken';
    client.server.breakStreams();
    await client.commands.run('save-draft', { draft: client.store.drafts()[0]!.key });
    draw();
    await userEvent.click(await screen.findByRole('button', { name: 'Attendre' }));
    client.server.interfere = () => null;
    await until('the session is ended', () => submitted.mock.calls.length === 1, 6_000);
    expect(client.store.pending()).toBe(0);
  });

  it('what is found again is said, and gone on with', async () => {
    await client.commands.run('keep-typed', {});
    client.close();
    const later = mockClient(client.server, client.shelf);
    await later.store.start();
    await until('found', () => later.store.drafts().length === 1);
    render(
      <LanguageProvider locale="fr">
        <ClientProvider client={later}>
          <Notices />
        </ClientProvider>
      </LanguageProvider>,
    );
    expect(screen.getByRole('status').textContent).toContain('Dernier');
    await userEvent.click(screen.getByRole('button', { name: 'Reprendre' }));
    expect(later.store.view().composers).toMatchObject([{ minimised: false }]);
    expect(screen.queryByRole('status')).toBeNull();
    later.close();
  });
});
