import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, expect, it } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { mockClient } from '../../mock/client.ts';
import { ClientProvider } from '../../ui/client.tsx';
import type { SentLink } from './api.ts';
import { Panel } from './Panel.tsx';

const LINK: SentLink = {
  id: 'a1', name: 'bilan.pdf', size: 600, standing: 'used_up', partlyChecked: false, sensitive: false, password: true, subject: 'Bilan',
  recipients: ['ana@ac-rouen.fr'], days: 15, downloads: 1, maxDownloads: 1, fetched: [], sentAt: '2026-11-22T10:00:00Z', expiresAt: '2026-12-07T10:00:00Z',
};

beforeAll(() => {
  // What browsers have and this one hasn't.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.open = false;
  };
});
afterEach(cleanup);

it('a file that was sent may be fetched once more, without the password that was forgotten', async () => {
  const client = mockClient();
  const asked: unknown[] = [];
  client.server.routes.set('GET /api/links', () => Response.json([LINK]));
  client.server.routes.set('GET /api/links/limits', () =>
    Response.json({ largestBytes: 1, defaultDays: 15, longestDays: 60, outsiders: true, outsiderPassword: false }));
  client.server.routes.set('PATCH /api/links/a1', (body) => {
    asked.push(JSON.parse(body));
    return Response.json(LINK);
  });
  render(
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <Panel />
      </ClientProvider>
    </LanguageProvider>,
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Modifier bilan.pdf' }));
  await userEvent.selectOptions(screen.getByLabelText('Nombre de téléchargements en tout'), '2');
  await userEvent.click(screen.getByLabelText('Retirer le mot de passe'));
  await userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(asked).toEqual([expect.objectContaining({ days: 15, maxDownloads: 2, password: '' })]);
  client.close();
});
