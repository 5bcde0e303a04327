import { cleanup, render } from '@testing-library/react';
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
