import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { type MockClient, mockClient, until } from '../../mock/client.ts';
import type { EmailId, Message } from '../../store/types.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { Marks } from './Marks.tsx';
import { WORDS } from './words.ts';

const SENDER = { name: 'Paul Martin', email: 'paul@exemple.fr' };

afterEach(cleanup);

async function platform(answerReceipts: 'ask' | 'always' | 'never') {
  const client = mockClient();
  const told: unknown[] = [];
  client.server.routes.set('POST /api/writing/receipts', (body) => {
    told.push(JSON.parse(body));
    return new Response(null, { status: 204 });
  });
  await client.store.start();
  client.store.amend({ settings: { writing: { answerReceipts } } });
  return { ...client, told };
}

function draw(client: MockClient, more: Partial<Message>) {
  const message = {
    id: 'E1', account: client.store.me()?.account, from: [SENDER], receiptTo: [SENDER], priority: 'normal', mailboxes: [], ...more,
  } as unknown as Message;
  render(
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <Marks message={message} asked />
      </ClientProvider>
    </LanguageProvider>,
  );
}

describe('a message that asks to be told when it is read', () => {
  it('asks the reader, and tells only when told to', async () => {
    const client = await platform('ask');
    draw(client, {});
    expect(await screen.findByRole('group')).toBeTruthy();
    expect(client.told).toEqual([]);
    const [yes] = screen.getAllByRole('button');
    if (yes === undefined) throw new Error('nothing to press');
    await userEvent.click(yes);
    await until('the sender is told', () => client.told.length === 1);
    expect(client.told[0]).toMatchObject({ emailId: 'E1', byItself: false });
  });

  it('is answered by itself where it was chosen so, but never to another address than the sender’s', async () => {
    const client = await platform('always');
    draw(client, {});
    await until('the sender is told', () => client.told.length === 1);
    expect(client.told[0]).toMatchObject({ byItself: true });
    cleanup();
    draw(client, { id: 'E2' as EmailId, receiptTo: [{ name: null, email: 'autre@exemple.fr' }] });
    expect(await screen.findByText(/irait à autre@exemple\.fr/)).toBeTruthy();
    expect(client.told).toHaveLength(1);
  });

  it.each([
    ['never, by choice', 'never', {}],
    ['one’s own message', 'ask', { from: 'me' }],
    ['junk', 'ask', { mailboxes: 'junk' }],
  ] as const)('is not even asked about: %s', async (_, mode, more) => {
    const client = await platform(mode);
    const me = client.store.me();
    if (me === null) throw new Error('nobody is here');
    await until('folders', () => client.store.mailboxes(me.account).length > 0);
    const junk = client.store.mailboxes(me.account).find(({ role }) => role === 'junk');
    draw(client, {
      ...('from' in more ? { from: [{ name: me.name, email: me.address }] } : {}),
      ...('mailboxes' in more && junk !== undefined ? { mailboxes: [junk.id] } : {}),
    });
    expect(screen.queryByRole('group')).toBeNull();
    expect(client.told).toEqual([]);
  });

  it('says how important it is in words', async () => {
    draw(await platform('never'), { priority: 'high' });
    expect(document.querySelector('.priority-high')?.textContent).toBe(WORDS.fr.high);
    cleanup();
    draw(await platform('never'), { priority: 'low' });
    expect(document.querySelector('.priority-mark')?.textContent).toBe(WORDS.fr.low);
  });
});
