import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { mockClient, until } from '../../mock/client.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { Standing } from './Standing.tsx';

/** The browser's side of an installed application. */
function application() {
  const badges: number[] = [];
  const heard = new Map<string, (event: { data: unknown }) => void>();
  const unregistered: string[] = [];
  let consumer: (launched: { targetURL?: string }) => void = () => undefined;
  const worker = {
    addEventListener: (name: string, listener: (event: { data: unknown }) => void) => heard.set(name, listener),
    removeEventListener: (name: string) => heard.delete(name),
    getRegistrations: () => Promise.resolve([{ unregister: () => Promise.resolve(unregistered.push('worker') > 0) }]),
  };
  Object.defineProperty(navigator, 'serviceWorker', { configurable: true, value: worker });
  Object.defineProperty(navigator, 'setAppBadge', { configurable: true, value: (count: number) => Promise.resolve(badges.push(count)) });
  vi.stubGlobal('launchQueue', { setConsumer: (given: typeof consumer) => (consumer = given) });
  return { badges, heard, unregistered, launch: (search: string) => consumer({ targetURL: `https://a.fr/courrier/${search}` }) };
}

async function drawn(shared = false) {
  const client = mockClient();
  await client.store.start();
  const me = client.store.me();
  if (me === null) throw new Error('nobody');
  render(
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <Standing me={{ ...me, sharedComputer: shared }} />
      </ClientProvider>
    </LanguageProvider>,
  );
  return client;
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, 'serviceWorker');
  Reflect.deleteProperty(navigator, 'setAppBadge');
});

describe('mail as an application', () => {
  it('has the number of unread messages on its icon', async () => {
    const { badges } = application();
    const client = await drawn();
    const inbox = client.store.mailboxes(client.server.account).find(({ role }) => role === 'inbox');
    await until('a badge', () => badges.length > 0);
    expect(badges.at(-1)).toBe(inbox?.unread);
    client.close();
  });

  it('writes to an address that it is called for while it is open', async () => {
    const { launch } = application();
    const client = await drawn();
    launch('');
    launch('?mailto=mailto%3Aa%40b.fr%3Fcc%3Dc%40d.fr%26subject%3DUn%26body%3DBonjour%2520%253Cb%253E');
    await until('a composer', () => client.store.drafts().some(({ content }) => content.subject === 'Un'));
    const content = client.store.drafts().find(({ content: one }) => one.subject === 'Un')?.content;
    expect(content?.to.map(({ email }) => email)).toEqual(['a@b.fr']);
    expect(content?.cc.map(({ email }) => email)).toEqual(['c@d.fr']);
    expect(content?.html).toContain('<p>Bonjour &lt;b&gt;</p>');
    client.close();
  });

  it('shows the inbox when a notification is pressed, and nothing for other words', async () => {
    const { heard } = application();
    const client = await drawn();
    const inbox = client.store.mailboxes(client.server.account).find(({ role }) => role === 'inbox');
    await client.commands.run('search', { text: 'réunion', everywhere: true });
    for (const data of [null, 'show-inbox', { type: 'other' }]) heard.get('message')?.({ data });
    expect(client.store.view().list?.search).toBe('réunion');
    heard.get('message')?.({ data: { type: 'show-inbox' } });
    await until('the inbox', () => client.store.view().list?.mailbox === inbox?.id && client.store.view().list?.search === null);
    client.close();
  });

  it('leaves no worker on a shared computer', async () => {
    const { unregistered } = application();
    const client = await drawn(true);
    await until('gone', () => unregistered.length === 1);
    client.close();
  });
});
