import { afterEach, describe, expect, it } from 'vitest';

import { mockClient, type MockClient, until } from '../mock/client.ts';
import { MockServer } from '../mock/server.ts';
import type { DraftKey } from '../store/types.ts';
import { replyIdentity } from './reply.ts';

const clients: MockClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function signedIn(server = new MockServer()): Promise<MockClient> {
  const client = mockClient(server);
  clients.push(client);
  await client.store.start();
  await until('folders', () => client.store.connection().kind === 'online' && client.store.view().list !== null);
  return client;
}

// After the clock of the mock client, which stands still.
const LATER = '2027-01-04T07:00:00.000Z';

/** A message that waits for tomorrow, and its copy among the drafts. */
async function scheduled(client: MockClient): Promise<DraftKey> {
  await client.commands.run('compose', { to: [{ name: 'Marie', email: 'marie@ac-rouen.fr' }] });
  const { draft } = client.store.view().composers.at(-1)!;
  await client.commands.run('edit', { draft, change: { subject: 'Conseil', html: '<p>Lundi</p>' } });
  await client.commands.run('send', { draft, sendAt: LATER });
  await until('scheduled', () => client.server.sends.length === 1);
  return draft;
}

function opened({ store }: MockClient) {
  return store.draft(store.view().composers.at(-1)!.draft)!;
}

async function open(client: MockClient): Promise<void> {
  const { emailId, accountId } = client.server.sends[0]!;
  await client.commands.run('edit-draft', { account: accountId, email: emailId });
}

describe('a draft that waits for its time', () => {
  it('is held back when it is opened in another tab, and waits again when it is closed as it was', async () => {
    const first = await signedIn();
    await scheduled(first);
    const other = await signedIn(first.server);
    await open(other);
    expect(first.server.sends).toEqual([]);
    expect(opened(other).heldBack?.due).toBe(LATER);
    await other.commands.run('close-composer', { draft: opened(other).key });
    await until('waits again', () => first.server.sends.length === 1);
    expect(first.server.sends[0]).toMatchObject({ scheduled: true, dueAt: LATER });
  });

  it('stays a draft once it was changed', async () => {
    const first = await signedIn();
    await scheduled(first);
    const other = await signedIn(first.server);
    await open(other);
    const { key } = opened(other);
    await other.commands.run('edit', { draft: key, change: { subject: 'Conseil de mardi' } });
    await other.commands.run('close-composer', { draft: key });
    expect(first.server.sends).toEqual([]);
  });

  it('is held back too where it was scheduled a moment ago', async () => {
    const client = await signedIn();
    await scheduled(client);
    await open(client);
    expect(client.server.sends).toEqual([]);
    expect(opened(client).heldBack?.due).toBe(LATER);
  });
});

describe('a scheduled message that leaves while its tab is still open', () => {
  it('is told of in the list of what waits, however it ends', async () => {
    const client = await signedIn();
    await scheduled(client);
    const before = client.store.me()!.schedule;
    client.server.settle(client.server.sends[0]!.id, 'refused', 'Inconnu');
    await until('the list is asked again', () => client.store.me()!.schedule > before);
    await until('it is left to the list', () => client.store.outgoing().length === 0);
    expect(client.store.view().composers).toEqual([]);
  });
});

describe('an answer', () => {
  it('leaves from the address that was written to, before those that got a copy', () => {
    const [main, alias] = [{ name: 'Paul', email: 'paul@ac-rouen.fr' }, { name: 'Paul', email: 'p.martin@ac-rouen.fr' }];
    const message = { from: [{ name: null, email: 'marie@ac-rouen.fr' }], replyTo: [], to: [alias], cc: [main] };
    expect(replyIdentity(message, [main, alias], main)).toBe(alias);
    expect(replyIdentity({ ...message, to: [{ name: null, email: 'p.martin+parents@ac-rouen.fr' }] }, [main, alias], main)).toBe(alias);
  });
});

describe('a signature that the academy imposes', () => {
  it('stands below a draft that another program made', async () => {
    const server = new MockServer();
    server.signature = { mode: 'imposed', by: [{ email: 'paul.martin@ac-rouen.fr', html: '<p>Paul</p>', text: 'Paul' }] };
    const email = server.store.deliver({ mailbox: 'drafts', keywords: ['$draft', '$seen'], text: 'Bonjour', from: { name: 'Paul Martin', email: 'paul.martin@ac-rouen.fr' } });
    const client = await signedIn(server);
    await client.commands.run('edit-draft', { account: server.account, email: email.id });
    expect(opened(client).content.signature).toEqual({ kind: 'academy', html: '<p>Paul</p>', text: 'Paul' });
  });
});
