import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { mockClient } from '../../mock/client.ts';
import { AnnouncerProvider } from '../../ui/Announcer.tsx';
import { ClientProvider } from '../../ui/client.tsx';
import { FeaturesProvider } from '../../ui/features.tsx';
import { ReadingPane } from './ReadingPane.tsx';

vi.stubGlobal('ResizeObserver', class { observe = vi.fn(); disconnect = vi.fn(); });

let end = (): void => undefined;
afterEach(() => {
  cleanup();
  end();
});

it.each([413, 403, 503])('says that the text of a message did not come (%i), once, and reads it when asked again', async (status) => {
  Element.prototype.scrollTo = () => undefined;
  window.matchMedia = (media: string) => ({ media, matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }) as never;
  const client = mockClient();
  end = () => client.close();
  const { threadId } = client.server.store.deliver({ subject: 'Sortie' });
  await client.store.start();
  const me = client.store.me()!;
  await waitFor(() => expect(client.store.list(client.store.view().list!).length).toBeGreaterThan(0));
  client.server.interfere = () => new Response('<html>oops</html>', { status });
  await act(() => client.commands.run('open-conversation', { account: me.account, thread: threadId }));
  const { container } = render(
    <ClientProvider client={client}>
      <LanguageProvider locale="fr">
        <AnnouncerProvider>
          <FeaturesProvider features={[]}>
            <ReadingPane alone={false} />
          </FeaturesProvider>
        </AnnouncerProvider>
      </LanguageProvider>
    </ClientProvider>,
  );
  const told = await screen.findByRole('alert');
  expect(told.textContent.replaceAll('\u00a0', ' ')).toContain(`Référence : HTTP-${status} `);
  expect(screen.getByText('Sortie')).toBeTruthy();
  expect(container.querySelector('.skeleton')).toBeNull();
  client.server.interfere = () => null;
  fireEvent.click(screen.getByRole('button', { name: 'Réessayer' }));
  await waitFor(() => expect(container.querySelector('.message-body')).not.toBeNull());
  expect(screen.queryByRole('alert')).toBeNull();
});
