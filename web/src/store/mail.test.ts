import { afterEach, describe, expect, it } from 'vitest';

import { mockClient, type MockClient, until } from '../mock/client.ts';
import { MockServer } from '../mock/server.ts';
import type { EmailId, ListSpec, Row } from './types.ts';

const clients: MockClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function signedIn(server = new MockServer(), shelf?: MockClient['shelf']): Promise<MockClient> {
  const client = mockClient(server, shelf);
  clients.push(client);
  await client.store.start();
  await until('the inbox is open', () => client.store.view().list !== null && client.store.list(client.store.view().list!).state === 'ready');
  await until('the stream is ready and followed', () => server.asked.some(({ calls }) => calls.includes('Email/changes')));
  return client;
}

function spec({ store }: MockClient): ListSpec {
  return store.view().list!;
}

function subjects(client: MockClient): readonly string[] {
  const list = client.store.list(spec(client));
  return Array.from({ length: list.length }, (_, index) => list.row(index)?.subject ?? '…');
}

function firstRow(client: MockClient): Row {
  return client.store.list(spec(client)).row(0)!;
}

function serverWith(count: number): MockServer {
  const server = new MockServer();
  for (let number = 0; number < count; number += 1) server.store.deliver();
  return server;
}

describe('the first screen', () => {
  it('shows the newest conversations first, with counts', async () => {
    const server = serverWith(3);
    const client = await signedIn(server);
    expect(subjects(client)).toEqual([...server.store.emails.values()].map(({ subject }) => subject).reverse());
    const inbox = client.store.mailboxes(server.account)[0]!;
    expect(inbox).toMatchObject({ role: 'inbox', total: 3, unread: 3 });
  });

  it('is filled where one has scrolled to while the rows before were being completed', async () => {
    const client = await signedIn(serverWith(300));
    const { mail } = client.store.part(client.server.account);
    const list = mail.lists.open(spec(client));
    const before = client.server.asked.length;
    const filled = mail.fill(list, 100, 120);
    await until('the conversations of the rows are asked for', () => client.server.asked.slice(before).some(({ calls }) => calls.includes('Thread/get')));
    void mail.fill(list, 200, 220);
    await filled;
    expect(client.store.list(spec(client)).row(210)).toBeDefined();
  });

  it('asks for a screenful of heads, in one request once the inbox is known', async () => {
    const server = serverWith(100);
    const client = mockClient(server);
    clients.push(client);
    await client.store.start();
    const jmap = server.asked.filter(({ calls }) => calls.length > 0).map(({ calls }) => calls);
    expect(jmap[0]).toEqual(['Mailbox/get']);
    await until('rows', () => client.store.list(spec(client)).state === 'ready');
    const list = client.store.list(spec(client));
    expect(list.length).toBe(100);
    expect(list.row(19)).toBeDefined();
    expect(list.row(60)).toBeUndefined();
    await client.commands.run('show-rows', { first: 50, last: 70 });
    await until('the rows in the middle', () => client.store.list(spec(client)).row(60) !== undefined);
    expect(client.store.list(spec(client)).row(45)).toBeUndefined();
  });
});

describe('a change', () => {
  it('is seen at once and then on the server', async () => {
    const client = await signedIn(serverWith(3));
    const row = firstRow(client);
    await client.commands.run('archive', { targets: { kind: 'conversations', conversations: [row] } });
    expect(subjects(client)).not.toContain(row.subject);
    expect(client.store.mailboxes(client.server.account)[0]!.total).toBe(2);
    expect(client.store.pending()).toBe(1);
    await until('the server knows', () => client.store.pending() === 0);
    expect(Object.keys(client.server.store.emails.get(row.email)!.mailboxIds)).toEqual([client.server.store.mailbox('archive')]);
    expect(client.store.mailboxes(client.server.account)[0]!.total).toBe(2);
    expect(subjects(client)).toHaveLength(2);
  });

  it('is taken back by undo, before and after the server knows', async () => {
    const client = await signedIn(serverWith(3));
    const before = subjects(client);
    const target = { targets: { kind: 'conversations' as const, conversations: [firstRow(client)] } };
    await client.commands.run('delete', target);
    await client.commands.run('undo', {});
    expect(subjects(client)).toEqual(before);
    await until('nothing waits', () => client.store.pending() === 0);
    await client.commands.run('delete', target);
    await until('nothing waits', () => client.store.pending() === 0);
    await client.commands.run('undo', {});
    expect(subjects(client)).toEqual(before);
    await until('nothing waits', () => client.store.pending() === 0);
    expect(subjects(client)).toEqual(before);
  });

  it('that the server refuses disappears again, and says so; its neighbour stays', async () => {
    const client = await signedIn(serverWith(3));
    const [first, second] = [client.store.list(spec(client)).row(0)!, client.store.list(spec(client)).row(1)!];
    client.server.refuse = (id: EmailId) => (id === first.email ? 'forbidden' : null);
    await client.commands.run('star', { targets: { kind: 'conversations', conversations: [first, second] } });
    expect(firstRow(client).starred).toBe(true);
    await until('a notice', () => client.store.notices().length === 1);
    expect(client.store.notices()[0]).toMatchObject({ kind: 'change-refused', problem: { kind: 'forbidden' } });
    expect(client.store.list(spec(client)).row(0)!.starred).toBe(false);
    expect(client.store.list(spec(client)).row(1)!.starred).toBe(true);
  });

  it('of a message that somebody else destroyed meanwhile ends quietly', async () => {
    const client = await signedIn(serverWith(2));
    const row = firstRow(client);
    client.server.store.destroy(row.email);
    await client.commands.run('star', { targets: { kind: 'conversations', conversations: [row] } });
    await until('nothing waits', () => client.store.pending() === 0);
    expect(subjects(client)).toHaveLength(1);
    expect(client.store.notices()).toHaveLength(0);
  });

  it('of a whole conversation reaches messages that were never fetched', async () => {
    const server = new MockServer();
    const old = server.store.deliver({ subject: 'Ancien' });
    server.store.deliver({ subject: 'Re: Ancien', thread: old.threadId });
    server.latency = 5;
    const client = mockClient(server);
    clients.push(client);
    await client.store.start();
    await until('rows', () => client.store.view().list !== null && client.store.list(spec(client)).row(0) !== undefined);
    await client.commands.run('archive', { targets: { kind: 'conversations', conversations: [firstRow(client)] } });
    await until('nothing waits', () => client.store.pending() === 0);
    expect(Object.keys(old.mailboxIds)).toEqual([server.store.mailbox('archive')]);
  });
});

describe('without a connection', () => {
  it('changes wait, are kept, and are sent when it is back', async () => {
    const client = await signedIn(serverWith(3));
    const row = firstRow(client);
    client.server.interfere = () => 'broken';
    await client.commands.run('archive', { targets: { kind: 'conversations', conversations: [row] } });
    await until('offline is shown', () => client.store.connection().kind === 'offline');
    expect(subjects(client)).toHaveLength(2);
    expect(client.store.pending()).toBe(1);
    client.server.interfere = () => null;
    client.store.networkChanged(true);
    await until('the server knows', () => client.store.pending() === 0);
    expect(client.store.connection().kind).toBe('online');
    expect(client.server.store.emails.get(row.email)!.mailboxIds).toEqual({ [client.server.store.mailbox('archive')]: true });
  });

  it('changes survive a closed tab', async () => {
    const client = await signedIn(serverWith(3));
    const row = firstRow(client);
    client.server.interfere = () => 'broken';
    await client.commands.run('delete', { targets: { kind: 'conversations', conversations: [row] } });
    await until('offline is shown', () => client.store.connection().kind === 'offline');
    client.close();
    client.server.interfere = () => null;
    const later = await signedIn(client.server, client.shelf);
    await until('the server knows', () => later.store.pending() === 0);
    expect(client.server.store.emails.get(row.email)!.mailboxIds).toEqual({ [client.server.store.mailbox('trash')]: true });
  });

  it('a broken event stream comes back and nothing is missed', async () => {
    const client = await signedIn(serverWith(2));
    client.server.breakStreams();
    client.server.store.deliver({ subject: 'Pendant la coupure' });
    await until('it is here', () => subjects(client)[0] === 'Pendant la coupure');
  });
});

describe('signed out', () => {
  it('stops asking and tells why, keeping what waits', async () => {
    const client = await signedIn(serverWith(2));
    client.server.interfere = () => new Response('', { status: 401, headers: { 'X-Casier-Reason': 'expired', 'X-Casier-Reference': 'R-9' } });
    await client.commands.run('star', { targets: { kind: 'conversations', conversations: [firstRow(client)] } });
    await until('signed out', () => client.store.connection().kind === 'signed-out');
    expect(client.store.connection()).toEqual({ kind: 'signed-out', reason: 'expired', reference: 'R-9' });
    expect(await client.shelf.all('changes')).toHaveLength(1);
    const asked = client.server.asked.length;
    client.server.push();
    expect(client.server.asked).toHaveLength(asked);
  });

  it('is told by the event stream too', async () => {
    const client = await signedIn(serverWith(1));
    client.server.emit('signed-out', { reason: 'suspended' });
    expect(client.store.connection()).toMatchObject({ kind: 'signed-out', reason: 'suspended' });
  });
});

describe('new mail', () => {
  it('comes in on top without asking for the folder again', async () => {
    const client = await signedIn(serverWith(200));
    client.server.asked.length = 0;
    client.server.store.deliver({ subject: 'Nouveau', text: 'Bonjour' });
    client.server.push();
    await until('it is here', () => subjects(client)[0] === 'Nouveau');
    expect(client.store.list(spec(client)).length).toBe(201);
    expect(client.server.asked.flatMap(({ calls }) => calls)).not.toContain('Email/query');
    expect(client.server.asked.every(({ background }) => background)).toBe(true);
  });

  it('in a known conversation moves it to the top once', async () => {
    const client = await signedIn(serverWith(3));
    const last = client.store.list(spec(client)).row(2)!;
    client.server.store.deliver({ subject: 'Re: suite', thread: last.thread });
    client.server.push();
    await until('it is here', () => subjects(client)[0] === 'Re: suite');
    expect(client.store.list(spec(client)).length).toBe(3);
    expect(firstRow(client).thread).toBe(last.thread);
  });

  it('is found again after the server forgot what changed', async () => {
    const client = await signedIn(serverWith(3));
    client.server.store.deliver({ subject: 'Après oubli' });
    client.server.store.oldest = client.server.store.modseq;
    client.server.push();
    await until('it is here', () => subjects(client)[0] === 'Après oubli');
    expect(subjects(client)).toHaveLength(4);
  });
});
