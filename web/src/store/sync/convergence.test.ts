import { afterEach, describe, expect, it } from 'vitest';

import { mockClient, type MockClient, until } from '../../mock/client.ts';
import type { StoredEmail } from '../../mock/data.ts';
import { MockServer } from '../../mock/server.ts';
import type { ListSpec, MailboxId } from '../types.ts';

const clients: MockClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

/** Small numbers that look like chance and are the same at each run (mulberry32). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

async function open(server: MockServer): Promise<MockClient> {
  const client = mockClient(server);
  clients.push(client);
  await client.store.start();
  await until('the inbox', () => client.store.view().list !== null && client.store.list(client.store.view().list!).state === 'ready');
  return client;
}

function any<Each>(list: readonly Each[], below: (number: number) => number): Each {
  return list[below(list.length)]!;
}

/** One thing that others may do to a mailbox. */
function mutate(server: MockServer, below: (number: number) => number): void {
  const { store } = server;
  const emails = [...store.emails.values()];
  const email: StoredEmail = any(emails, below);
  const folders = [...store.mailboxes.keys()];
  switch (below(9)) {
    case 0:
      store.deliver();
      break;
    case 1:
      store.deliver({ thread: email.threadId });
      break;
    case 2:
      store.change(email.id, (one) => (one.mailboxIds = { [any(folders, below)]: true }));
      break;
    case 3:
      store.change(email.id, (one) => (one.mailboxIds = { [store.mailbox('inbox')]: true }));
      break;
    case 4:
      store.change(email.id, (one) => (one.keywords = one.keywords['$seen'] === true ? {} : { $seen: true }));
      break;
    case 5:
      store.change(email.id, (one) => (one.keywords = { ...one.keywords, $flagged: true }));
      break;
    case 6:
      store.oldest = store.modseq;
      break;
    default:
      if (emails.length > 5) store.destroy(email.id);
  }
}

/** Something that the person does. */
async function act(client: MockClient, below: (number: number) => number): Promise<void> {
  const list = client.store.list(client.store.view().list!);
  const row = list.row(below(Math.max(1, list.length)));
  if (row === undefined) return;
  const targets = { targets: { kind: 'conversations' as const, conversations: [row] } };
  await client.commands.run(any(['archive', 'delete', 'star', 'unstar', 'mark-read', 'mark-unread', 'undo'] as const, below), targets);
}

/** All that a folder shows, the whole list loaded and every conversation known. */
async function shown(client: MockClient, spec: ListSpec): Promise<unknown> {
  await client.commands.run('open-folder', { account: spec.account, mailbox: spec.mailbox! });
  await client.store.resume();
  const view = () => client.store.list(spec);
  await until('the whole list', () => {
    void client.commands.run('show-rows', { first: 0, last: Math.max(0, view().length - 1) });
    return view().state === 'ready' && Array.from({ length: view().length }, (_, index) => view().row(index)).every((row) => row?.messages != null);
  });
  const rows = Array.from({ length: view().length }, (_, index) => view().row(index)!);
  const counts = client.store.mailboxes(spec.account).map(({ id, total, unread }) => ({ id, total, unread }));
  return { rows, counts };
}

function specOf(server: MockServer, role: string): ListSpec {
  const mailbox: MailboxId = server.store.mailbox(role);
  return { account: server.account, mailbox, only: 'all', search: null };
}

describe('what was known before, with the changes followed, equals what a new client fetches', () => {
  it.each([1, 2, 3, 4, 5, 6])('chance %i', async (seed) => {
    const below = chance(seed);
    const server = new MockServer();
    for (let number = 0; number < 40; number += 1) server.store.deliver(number % 3 === 0 ? {} : { thread: any([...server.store.emails.values()], below).threadId });
    const old = await open(server);
    await shown(old, specOf(server, 'inbox'));
    for (let round = 0; round < 12; round += 1) {
      for (let times = below(4); times > 0; times -= 1) mutate(server, below);
      if (below(2) === 0) await act(old, below);
      if (below(2) === 0) server.push();
      await new Promise((resolve) => setTimeout(resolve, below(5)));
    }
    await until('nothing waits', () => old.store.pending() === 0);
    await old.store.resume();
    const fresh = await open(server);
    for (const role of ['inbox', 'archive', 'trash']) {
      expect(await shown(old, specOf(server, role)), role).toEqual(await shown(fresh, specOf(server, role)));
    }
  });
});

describe('a long list', () => {
  it('costs windows, not the folder, and what was passed over stays unasked', async () => {
    const server = new MockServer();
    for (let number = 0; number < 2_000; number += 1) server.store.deliver();
    const client = await open(server);
    const spec = specOf(server, 'inbox');
    expect(client.store.list(spec).length).toBe(2_000);
    server.asked.length = 0;
    await client.commands.run('show-rows', { first: 1_500, last: 1_520 });
    await until('the rows', () => client.store.list(spec).row(1_520) !== undefined);
    expect(server.asked.filter(({ calls }) => calls.includes('Email/query'))).toHaveLength(1);
    expect(client.store.list(spec).row(1_000)).toBeUndefined();
    const shownThere = client.store.list(spec).row(1_500)!.subject;
    server.store.deliver({ subject: 'Nouveau' });
    server.push();
    await until('the new one', () => client.store.list(spec).row(0)?.subject === 'Nouveau');
    await until('the window again', () => client.store.list(spec).row(1_501) !== undefined);
    expect(client.store.list(spec).row(1_501)!.subject).toBe(shownThere);
  });
});
