import { afterEach, describe, expect, it } from 'vitest';

import { mockClient, type MockClient, until } from '../../mock/client.ts';
import { MockServer } from '../../mock/server.ts';
import type { Row } from '../types.ts';

const clients: MockClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function signedIn(server: MockServer): Promise<MockClient> {
  const client = mockClient(server);
  clients.push(client);
  await client.store.start();
  await ready(client);
  return client;
}

function ready(client: MockClient): Promise<void> {
  return until('rows', () => {
    const { list } = client.store.view();
    return list !== null && client.store.list(list).state === 'ready';
  });
}

function rows({ store }: MockClient): readonly Row[] {
  const list = store.list(store.view().list!);
  return Array.from({ length: list.length }, (_, index) => list.row(index)).filter((row) => row !== undefined);
}

function subjects(client: MockClient): readonly string[] {
  return rows(client).map(({ subject }) => subject);
}

function conversation(server: MockServer): void {
  const first = server.store.deliver({ subject: 'Question', keywords: ['$seen'] });
  server.store.deliver({ subject: 'Autre', keywords: ['$seen'] });
  server.store.deliver({ subject: 'Re: Question', thread: first.threadId, keywords: ['$seen'] });
}

describe('a list of messages', () => {
  it('shows each message in a row of its own, as soon as it is chosen', async () => {
    const server = new MockServer();
    conversation(server);
    const client = await signedIn(server);
    expect(subjects(client)).toEqual(['Re: Question', 'Autre']);
    await client.commands.run('save-settings', { section: 'reading', value: { conversations: false } });
    await ready(client);
    expect(subjects(client)).toEqual(['Re: Question', 'Autre', 'Question']);
    expect(client.store.mailboxes(server.account)[0]?.total).toBe(3);
  });

  it('opens, archives and takes back one message alone', async () => {
    const server = new MockServer();
    server.settings['reading'] = { conversations: false };
    conversation(server);
    const client = await signedIn(server);
    const last = rows(client)[2]!;
    await client.commands.run('open-conversation', { account: last.account, thread: last.thread });
    expect(client.store.conversation(last).messages.map(({ subject }) => subject)).toEqual(['Question']);
    await client.commands.run('archive', {});
    expect(subjects(client)).toEqual(['Re: Question', 'Autre']);
    await until('it is told', () => client.store.pending() === 0);
    expect(subjects(client)).toEqual(['Re: Question', 'Autre']);
    await client.commands.run('undo', {});
    expect(subjects(client)).toEqual(['Re: Question', 'Autre', 'Question']);
  });

  it('follows what others do to single messages', async () => {
    const server = new MockServer();
    server.settings['reading'] = { conversations: false };
    conversation(server);
    const client = await signedIn(server);
    await until('the stream is followed', () => server.asked.some(({ calls }) => calls.includes('Email/changes')));
    server.store.deliver({ subject: 'Nouveau' });
    server.store.destroy(rows(client)[1]!.email);
    server.push();
    await until('it is seen', () => subjects(client).join() === 'Nouveau,Re: Question,Question');
  });
});

describe('a label', () => {
  it('has a list of its own, which follows the label', async () => {
    const server = new MockServer();
    conversation(server);
    const client = await signedIn(server);
    const account = server.account;
    const [row] = rows(client);
    const targets = { kind: 'conversations', conversations: [{ account, thread: row!.thread }] } as const;
    await client.commands.run('set-keyword', { keyword: 'sortie', on: true, text: 'Étiquette ajoutée', targets });
    expect(rows(client)[0]?.keywords).toContain('sortie');
    expect(client.store.undo()?.text).toBe('Étiquette ajoutée');
    await until('it is told', () => client.store.pending() === 0);
    expect([...server.store.emails.values()].filter(({ keywords }) => keywords['sortie'] === true)).toHaveLength(2);
    await client.commands.run('open-keyword', { account, keyword: 'sortie' });
    await ready(client);
    expect(subjects(client)).toEqual(['Re: Question']);
    await client.commands.run('undo', {});
    expect(subjects(client)).toEqual([]);
  });
});

describe('what is pinned', () => {
  it('comes first in its folder and goes back when it is taken off', async () => {
    const server = new MockServer();
    conversation(server);
    const client = await signedIn(server);
    const other = rows(client)[1]!;
    const targets = { kind: 'conversations', conversations: [{ account: other.account, thread: other.thread }] } as const;
    await client.commands.run('pin', { on: true, text: '', targets });
    await until('it is first', () => subjects(client).join() === 'Autre,Re: Question');
    expect(server.settings['pins']).toEqual({ folders: [client.store.view().list?.mailbox] });
    await client.commands.run('pin', { on: false, text: '', targets });
    await until('it is back', () => subjects(client).join() === 'Re: Question,Autre');
  });
});

describe('a message out of an open conversation', () => {
  it('leaves the others open', async () => {
    const server = new MockServer();
    conversation(server);
    const client = await signedIn(server);
    const row = rows(client)[0]!;
    await client.commands.run('open-conversation', row);
    const first = client.store.conversation(row).messages[0]!;
    await client.commands.run('delete', { targets: { kind: 'messages', account: row.account, emails: [first.id] } });
    expect(client.store.view().open?.thread).toBe(row.thread);
    expect(client.store.conversation(row).messages.map(({ subject }) => subject)).toEqual(['Re: Question']);
  });
});

describe('a search for what is unread', () => {
  it('keeps what was opened in it, though it is read now', async () => {
    const server = new MockServer();
    for (const subject of ['un', 'deux', 'trois']) server.store.deliver({ subject });
    const client = await signedIn(server);
    await client.commands.run('search', { text: 'est:non-lu ', everywhere: true });
    await ready(client);
    await client.commands.run('open-conversation', rows(client)[1]!);
    await until('it is told', () => client.store.pending() === 0);
    server.store.deliver({ subject: 'quatre' });
    server.push();
    await until('the search was asked again', () => subjects(client).includes('quatre'));
    expect(subjects(client)).toEqual(['quatre', 'trois', 'deux', 'un']);
  });
});

describe('a folder', () => {
  it('goes into another', async () => {
    const client = await signedIn(new MockServer());
    const account = client.server.account;
    const folder = client.store.mailboxes(account).find(({ name }) => name === 'Conseils de classe')!;
    const archive = client.store.mailboxes(account).find(({ role }) => role === 'archive')!;
    await client.commands.run('move-folder', { account, mailbox: folder.id, parent: archive.id, text: 'Déplacé.' });
    expect(client.store.mailboxes(account).find(({ id }) => id === folder.id)).toMatchObject({ parent: archive.id, depth: 1 });
    await until('it is told', () => client.store.pending() === 0);
    expect(client.server.store.mailboxes.get(folder.id)?.parentId).toBe(archive.id);
    await client.commands.run('undo', {});
    await until('it is back', () => client.server.store.mailboxes.get(folder.id)?.parentId === null);
  });
});
