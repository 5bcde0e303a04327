import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, it } from 'vitest';

import { LanguageProvider } from '../i18n/index.tsx';
import { type MockClient, mockClient, until } from '../mock/client.ts';
import type { Address, DraftContent } from '../store/types.ts';
import { AnnouncerProvider } from '../ui/Announcer.tsx';
import { ClientProvider } from '../ui/client.tsx';
import { FeaturesProvider } from '../ui/features.tsx';
import { Composer } from './Composer.tsx';

const CLIENTS: MockClient[] = [];
const MANY: readonly Address[] = Array.from({ length: 25 }, (_, at) => ({ name: null, email: `p${at}@ac-rouen.fr` }));

beforeAll(() => {
  // What browsers have and this one hasn't.
  Element.prototype.scrollIntoView = () => undefined;
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.open = false;
  };
});

afterEach(() => {
  cleanup();
  for (const client of CLIENTS.splice(0)) client.close();
});

/** A message in plain text, open and ready to leave. */
async function written(change: Partial<DraftContent>) {
  const client = mockClient();
  CLIENTS.push(client);
  await client.store.start();
  await client.commands.run('compose', { to: MANY.slice(0, 1) });
  const { draft } = client.store.view().composers.at(-1)!;
  await client.commands.run('edit', { draft, change: { subject: 'Sortie', text: 'Bonjour', ...change } });
  render(
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <AnnouncerProvider>
          <FeaturesProvider features={[]}>
            <Composer draft={draft} minimised={false} onDiscard={() => undefined} />
          </FeaturesProvider>
        </AnnouncerProvider>
      </ClientProvider>
    </LanguageProvider>,
  );
  await screen.findByRole('textbox', { name: /Objet/ });
  return client;
}

async function pressSend(): Promise<void> {
  await userEvent.click(document.querySelector('[data-act="send"]')!);
}

it('offers to hide many addresses, by the key that one presses first, and sends', async () => {
  const client = await written({ to: MANY.slice(0, 3), cc: MANY.slice(3) });
  await pressSend();
  await screen.findByText(/25 destinataires/);
  await waitFor(() => expect(document.activeElement?.textContent).toBe('Passer en Cci et envoyer'));
  await userEvent.keyboard('{Enter}');
  await until('it is handed over', () => client.server.sends.length === 1);
  expect(client.server.sends[0]!.rcptTo).toHaveLength(25);
  const saved = client.server.store.emails.get(client.server.sends[0]!.emailId)!;
  expect([saved.cc, saved.bcc?.length]).toEqual([null, 25]);
});

it('sends as it is to who wants it so', async () => {
  const client = await written({ to: MANY });
  await pressSend();
  await userEvent.click(await screen.findByText('Envoyer quand même'));
  await until('it is handed over', () => client.server.sends.length === 1);
  expect(client.server.store.emails.get(client.server.sends[0]!.emailId)!.to).toHaveLength(25);
});

it('gives the keys to the message at once, so that none acts on the page below', async () => {
  await written({ to: MANY.slice(0, 1), text: null });
  expect(document.querySelector('.composer')?.contains(document.activeElement)).toBe(true);
});

it('leads the keys to the addressees where there is none', async () => {
  await written({ to: [] });
  await pressSend();
  await screen.findByText('Indiquez au moins un destinataire.');
  expect(document.activeElement).toBe(screen.getByRole('combobox', { name: 'À' }));
});

it('says that the directory doesn’t answer, and takes an address that is typed', async () => {
  const client = await written({ to: [] });
  client.server.interfere = (path) => (path.startsWith('/api/people') ? new Response('<html>', { status: 502 }) : null);
  const field = screen.getByRole('combobox', { name: 'À' });
  await userEvent.type(field, 'nathalie');
  await screen.findByText(/^L’annuaire ne répond pas pour le moment/u);
  await userEvent.clear(field);
  await userEvent.type(field, 'nathalie@ac-rouen.fr{Enter}');
  await until('the address is taken', () => client.store.draft(client.store.view().composers.at(-1)!.draft)!.content.to.length === 1);
  expect(screen.queryByText(/^L’annuaire/u)).toBeNull();
});
