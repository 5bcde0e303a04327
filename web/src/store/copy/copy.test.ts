import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type MockClient, mockClient, until } from '../../mock/client.ts';
import { MockServer } from '../../mock/server.ts';
import { MemoryShelf } from '../sync/shelf.ts';
import { openDatabase } from './database.ts';
import { Pieces } from './pieces.ts';
import { hidden, keysFrom, seal, unseal } from './seal.ts';
import { SealedShelf } from './sealed-shelf.ts';

const KEY = '0b'.repeat(32);
const WORD = 'Chrysanthème';

describe('what is sealed', () => {
  it('is opened by the same key at the same place alone', async () => {
    const [keys, others] = [await keysFrom(KEY), await keysFrom('0c'.repeat(32))];
    const sealed = await seal(keys, 'drafts/1', { text: WORD });
    expect(new TextDecoder('latin1').decode(sealed)).not.toContain('Chrysan');
    expect(await unseal(keys, 'drafts/1', sealed)).toEqual({ text: WORD });
    expect(await unseal(keys, 'drafts/2', sealed)).toBeUndefined();
    expect(await unseal(others, 'drafts/1', sealed)).toBeUndefined();
    sealed[20] = (sealed[20] ?? 0) ^ 1;
    expect(await unseal(keys, 'drafts/1', sealed)).toBeUndefined();
  });

  it('never looks the same twice, nor do its keys leave memory', async () => {
    const keys = await keysFrom(KEY);
    expect(await seal(keys, 'x', 1)).not.toEqual(await seal(keys, 'x', 1));
    expect(keys.seal.extractable || keys.name.extractable).toBe(false);
    expect(await hidden(keys, 'jean.martin@ac-rouen.fr')).toMatch(/^[\w+/]{24}$/);
  });
});

describe('pieces of mail', () => {
  const DAY = 86_400_000;

  async function pieces(now: () => number) {
    const database = await openDatabase(`pieces-${Math.random()}`, () => undefined);
    return { database, pieces: new Pieces({ database, keys: await keysFrom(KEY), now, days: 30, full: () => undefined }) };
  }

  it('go when they are too old, and the oldest when there are too many', async () => {
    let now = 100 * DAY;
    const { pieces: kept } = await pieces(() => now);
    await kept.put('old', 'x'.repeat(100));
    now += 20 * DAY;
    await kept.put('middle', 'y'.repeat(100));
    now += 11 * DAY;
    await kept.put('new', 'z'.repeat(100));
    await kept.trim(Number.POSITIVE_INFINITY);
    expect([await kept.get('old'), await kept.get('middle')]).toEqual([undefined, 'y'.repeat(100)]);
    await kept.trim((await kept.measure()) - 1);
    expect([await kept.get('middle'), await kept.get('new')]).toEqual([undefined, 'z'.repeat(100)]);
  });

  it('make room for what is typed when the disk is full; then one is told', async () => {
    const { database, pieces: kept } = await pieces(() => 100 * DAY);
    await kept.put('a', 'x'.repeat(1_000));
    await kept.put('b', 'x'.repeat(1_000));
    const told: boolean[] = [];
    const shelf = new SealedShelf({ database, keys: await keysFrom(KEY), makeRoom: () => kept.makeRoom(), full: (full) => told.push(full) });
    const transaction = database.transaction.bind(database);
    let refused = 0;
    Reflect.set(database, 'transaction', (...args: Parameters<typeof transaction>) => {
      if (args[0] === 'drafts' && refused < 1) {
        refused += 1;
        throw new DOMException('full', 'QuotaExceededError');
      }
      return transaction(...args);
    });
    shelf.put('drafts', 'k', { text: WORD });
    expect(await shelf.all('drafts')).toEqual([['k', { text: WORD }]]);
    expect(await kept.measure()).toBeLessThan(1_200);
    refused = -5;
    shelf.put('drafts', 'k', { text: 'plus' });
    await shelf.settled();
    expect(told.at(-1)).toBe(true);
  });
});

/** All that IndexedDB holds, as the disk would show it. */
async function everything(): Promise<string> {
  const bytes = new TextDecoder('latin1');
  let found = '';
  for (const { name } of await indexedDB.databases()) {
    const database = await openDB(name!);
    for (const store of database.objectStoreNames) {
      const keys = await database.getAllKeys(store);
      const values = (await database.getAll(store)) as unknown[];
      const texts = values.map((value) => {
        const data = value instanceof Uint8Array ? value : (value as { data?: Uint8Array }).data;
        return data === undefined ? JSON.stringify(value) : bytes.decode(data);
      });
      found += [name, store, ...keys.map(String), ...texts].join('\n');
    }
    database.close();
  }
  return found;
}

describe('on a device', () => {
  const clients: MockClient[] = [];
  let keys: Map<string, string>;

  beforeEach(async () => {
    keys = new Map();
    for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name!);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      client.close();
      await client.store.copy()?.close();
    }
  });

  function lending(server: MockServer): MockServer {
    const interfere = server.interfere;
    server.interfere = (path, method, body) => {
      const usual = interfere(path, method, body);
      if (usual !== null || !path.startsWith('/api/offline/')) return usual;
      if (method === 'DELETE') {
        keys.delete(path);
        return new Response(null, { status: 204 });
      }
      const known = keys.get(path);
      keys.set(path, known ?? crypto.randomUUID().replaceAll('-', '').repeat(2));
      return Response.json({ key: keys.get(path), days: 30, new: known === undefined });
    };
    return server;
  }

  async function here(server: MockServer, more: Partial<Parameters<typeof mockClient>[2]> = {}): Promise<MockClient> {
    const client = mockClient(server, new MemoryShelf(), { onDisk: true, ...more });
    clients.push(client);
    await client.store.start();
    return client;
  }

  async function online(server: MockServer): Promise<MockClient> {
    const client = await here(server);
    await until('the copy is open', () => client.store.copy() !== null);
    return client;
  }

  function offline(server: MockServer): () => void {
    const before = server.interfere;
    server.interfere = () => 'broken';
    server.breakStreams();
    return () => {
      server.interfere = before;
    };
  }

  it('a conversation that was opened is read without a network, and nothing of it lies there in clear', async () => {
    const server = lending(new MockServer());
    const mail = server.store.deliver({ subject: WORD, text: `Un ${WORD} jaune` });
    const client = await online(server);
    const ref = { account: server.account, thread: mail.threadId };
    await client.commands.run('open-conversation', ref);
    await client.store.copy()!.close();
    client.close();
    const disk = await everything();
    expect(disk).toContain('casier:acc-1');
    // Its name is so short that what is sealed has it, too, now and then: in quotes, or a key's whole line.
    for (const word of ['Chrysan', 'paul.martin', `"${mail.id}"`]) expect(disk).not.toContain(word);
    expect(disk.split('\n')).not.toContain(mail.id);

    const later = await online(server);
    offline(server);
    await later.commands.run('open-conversation', ref);
    const view = later.store.conversation(ref);
    expect(view.state).toBe('ready');
    expect(JSON.stringify(view.messages)).toContain(`${WORD} jaune`);
  });

  it('a page that begins without a network shows the lists, takes changes and drafts, and all arrives once', async () => {
    const server = lending(new MockServer());
    const mail = server.store.deliver({ subject: WORD });
    const client = await online(server);
    await until('the list is here', () => client.store.list(client.store.view().list!).state === 'ready');
    await client.commands.run('open-conversation', { account: server.account, thread: mail.threadId });
    await client.commands.run('close-conversation', {});
    await new Promise((resolve) => setTimeout(resolve, 1_800));

    const back = offline(server);
    const second = await here(server);
    await until('somebody is here', () => second.store.me() !== null);
    await until('the list is shown', () => second.store.list(second.store.view().list!).row(0)?.subject === WORD);
    await second.commands.run('star', { targets: { kind: 'conversations', conversations: [{ account: server.account, thread: mail.threadId }] } });
    await second.commands.run('compose', { to: [{ name: null, email: 'marie@ac-rouen.fr' }] });
    const { draft } = second.store.view().composers.at(-1)!;
    await second.commands.run('edit', { draft, change: { subject: 'Écrit dans le train' } });
    await second.commands.run('send', { draft });
    back();
    await second.store.resume();
    await until('starred', () => mail.keywords['$flagged'] === true);
    await until('handed over', () => server.sends.length === 1);
    await second.store.resume();
    expect(server.sends).toHaveLength(1);
    expect([...server.store.emails.values()].filter(({ subject }) => subject === 'Écrit dans le train')).toHaveLength(1);
  });

  it('a session that ends takes everything out of sight; what was typed is back with the same person', async () => {
    const server = lending(new MockServer());
    const client = await online(server);
    await client.commands.run('compose', { to: [] });
    const { draft } = client.store.view().composers.at(-1)!;
    await client.commands.run('edit', { draft, change: { subject: WORD } });
    server.emit('signed-out', { reason: 'idle' });
    expect([client.store.me(), client.store.drafts(), client.store.accounts(), client.store.view().composers]).toEqual([null, [], [], []]);
    await until('locked', () => client.locked() === 1);
    expect(client.store.copy()).toBeNull();
    expect(await everything()).not.toContain('Chrysan');

    const later = await online(server);
    await until('found again', () => later.store.drafts().length === 1);
    expect(later.store.drafts()).toMatchObject([{ found: true, content: { subject: WORD } }]);
    expect(later.store.view().composers).toMatchObject([{ minimised: true }]);
  });

  it('a copy whose key was forgotten is empty', async () => {
    const server = lending(new MockServer());
    const client = await online(server);
    await client.commands.run('compose', { to: [] });
    await client.commands.run('edit', { draft: client.store.view().composers.at(-1)!.draft, change: { subject: WORD } });
    await client.commands.run('keep-typed', {});
    await client.store.copy()!.close();
    client.close();
    keys.clear();
    const later = await online(server);
    expect(later.store.drafts()).toEqual([]);
    await later.store.copy()!.wipe(true);
    expect([keys.size, (await indexedDB.databases()).length]).toEqual([0, 0]);
  });

  it('a shared computer keeps nothing, and asks for no key', async () => {
    const server = lending(new MockServer());
    server.shared = true;
    const client = await here(server);
    await client.commands.run('compose', { to: [] });
    await client.commands.run('edit', { draft: client.store.view().composers.at(-1)!.draft, change: { subject: WORD } });
    await client.commands.run('keep-typed', {});
    expect(await indexedDB.databases()).toEqual([]);
    expect(client.remembered.size).toBe(0);
    expect(server.asked.some(({ path }) => path.startsWith('/api/offline/'))).toBe(false);
  });
});
