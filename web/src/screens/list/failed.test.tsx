import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { mockClient } from '../../mock/client.ts';
import { AnnouncerProvider } from '../../ui/Announcer.tsx';
import { ClientProvider } from '../../ui/client.tsx';
import { FeaturesProvider } from '../../ui/features.tsx';
import { ConversationList } from './ConversationList.tsx';

vi.stubGlobal('ResizeObserver', class { observe = vi.fn(); disconnect = vi.fn(); });

let end = (): void => undefined;
afterEach(() => {
  cleanup();
  end();
});

it('keeps the rows that are here and says that the others were refused', async () => {
  window.matchMedia = (media: string) => ({ media, matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }) as never;
  const client = mockClient();
  end = () => client.close();
  for (let number = 0; number < 60; number += 1) client.server.store.deliver({ subject: `Message ${number}` });
  await client.store.start();
  const spec = client.store.view().list!;
  await waitFor(() => expect(client.store.list(spec).row(0)).toBeDefined());
  render(
    <ClientProvider client={client}>
      <LanguageProvider locale="fr">
        <AnnouncerProvider>
          <FeaturesProvider features={[]}>
            <ConversationList spec={spec} role="inbox" />
          </FeaturesProvider>
        </AnnouncerProvider>
      </LanguageProvider>
    </ClientProvider>,
  );
  client.server.interfere = () => new Response('<html>oops</html>', { status: 413 });
  await act(() => client.commands.run('show-rows', { first: 50, last: 59 }));
  const told = await screen.findByRole('alert');
  expect(told.textContent.replaceAll('\u00a0', ' ')).toContain('Référence : HTTP-413 ');
  expect(screen.getAllByText(/Message/).length).toBeGreaterThan(0);
  client.server.interfere = () => null;
  fireEvent.click(screen.getByRole('button', { name: 'Réessayer' }));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});
