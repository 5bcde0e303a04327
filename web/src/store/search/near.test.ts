import { describe, expect, it } from 'vitest';

import { mockClient, until } from '../../mock/client.ts';
import { MockServer } from '../../mock/server.ts';
import { nearHits } from './near.ts';

async function opened() {
  const server = new MockServer();
  const lyon = server.store.deliver({ subject: 'Réunion du conseil', from: { name: 'Chloé Gérault', email: 'c.gerault@ac-lyon.fr' }, keywords: ['$seen'] });
  const note = server.store.deliver({ subject: 'Note de service', text: 'Avant la réunion de lundi', attachments: [{ name: 'note.pdf', type: 'application/pdf', size: 9 }] });
  const answer = server.store.deliver({ subject: 'Re: Réunion du conseil' });
  server.store.deliver({ subject: 'Réunion jetée', mailbox: 'trash' });
  const client = mockClient(server);
  await client.store.start();
  const account = client.store.me()?.account ?? server.account;
  const list = client.store.view().list;
  if (list === null) throw new Error('the inbox is expected');
  await until('the rows', () => client.store.list(list).row(1) !== undefined);
  const { mail } = client.store.part(account);
  const found = (search: string) => nearHits(mail.records, search, { mailbox: null, flat: false, known: mail.known() });
  return { client, server, found, lyon, note, answer };
}

describe('what a search finds among what is known here', () => {
  it('by words, people, states and dates, the newest of each conversation first', async () => {
    const { found, lyon, note, answer } = await opened();
    expect(found('reunion')).toEqual([answer.id, note.id, lyon.id]);
    expect(found('de:gérault')).toEqual([lyon.id]);
    expect(found('ger conseil')).toEqual([lyon.id]);
    expect(found('réunion de:marie')).toEqual([answer.id, note.id]);
    expect(found('"de service"')).toEqual([note.id]);
    expect(found('objet:reunion est:lu')).toEqual([lyon.id]);
    expect(found('réunion OU note')).toEqual([answer.id, note.id, lyon.id]);
    expect(found('après:2027')).toEqual([]);
    expect(found('de:c.gerault@ac-lyon.fr')).toEqual([lyon.id]);
    expect(found('re')).toEqual([answer.id]);
  });

  it('never claims what it cannot know', async () => {
    const { found } = await opened();
    for (const search of ['-note', 'réunion -note', 'cc:gérault', 'plus-grand:1ko', 'eunion', '', 'est:bizarre', 'dans:nulle-part']) {
      expect(found(search), search).toEqual([]);
    }
  });

  it('is shown at once, and gives way to what the server finds', async () => {
    const { client, server, answer, note } = await opened();
    await client.commands.run('search', { text: 'quelconque', everywhere: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    server.latency = 60;
    await client.commands.run('search', { text: 'réunion', everywhere: true });
    const { list } = client.store.view();
    if (list === null) throw new Error('a search is expected');
    expect(client.store.list(list).state).toBe('loading');
    expect(client.store.list(list).row(0)?.email).toBe(answer.id);
    expect(client.store.list(list).row(1)?.email).toBe(note.id);
    await until('the answer', () => client.store.list(list).state === 'ready');
    expect(client.store.list(list).exact).toBe(true);
    expect(client.store.list(list).row(0)?.email).toBe(answer.id);
  });
});
