import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { mockClient } from '../../mock/client.ts';
import type { Draft } from '../../store/types.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { Files } from './Files.tsx';

afterEach(cleanup);

it('a file that is added below a long text is brought into view, those that were there are not', async () => {
  const seen: string[] = [];
  // Browsers scroll, this one doesn't.
  Element.prototype.scrollIntoView = vi.fn(function (this: Element) {
    seen.push(this.textContent);
  });
  const client = mockClient();
  await client.store.start();
  await client.commands.run('compose', {});
  const { draft: key } = client.store.view().composers.at(-1)!;
  const empty = client.store.draft(key)!;
  const named = (...names: string[]): Draft => ({
    ...empty,
    content: { ...empty.content, attachments: names.map((name) => ({ blob: name, name, type: 'text/plain', size: 1, inline: false, cid: null, url: '' })) as unknown as Draft['content']['attachments'] },
  });
  const page = (draft: Draft) => (
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <Files draft={draft} />
      </ClientProvider>
    </LanguageProvider>
  );
  const { rerender } = render(page(named('plan.pdf')));
  expect(seen).toEqual([]);
  rerender(page(named('plan.pdf', 'liste.txt')));
  expect(seen).toEqual([expect.stringContaining('liste.txt')]);
  client.close();
});

it('a file that the server takes no more of for now says that it goes on by itself', async () => {
  const client = mockClient();
  await client.store.start();
  await client.commands.run('compose', {});
  const empty = client.store.draft(client.store.view().composers.at(-1)!.draft)!;
  const upload = { id: '1', name: 'film.mp4', size: 100, sent: 40, problem: null };
  const page = (waiting: boolean) => (
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <Files draft={{ ...empty, uploads: [{ ...upload, waiting }] }} />
      </ClientProvider>
    </LanguageProvider>
  );
  const { rerender } = render(page(false));
  expect(screen.queryByRole('status')).toBeNull();
  rerender(page(true));
  expect(screen.getByRole('status').textContent).toMatch(/^Interrompu/u);
  client.close();
});
