import { afterEach, describe, expect, it } from 'vitest';

import { mockClient, type MockClient, until } from '../../mock/client.ts';
import { MockServer } from '../../mock/server.ts';
import type { DraftKey } from '../types.ts';

const clients: MockClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function signedIn(server = new MockServer(), shelf?: MockClient['shelf']): Promise<MockClient> {
  const client = mockClient(server, shelf);
  clients.push(client);
  await client.store.start();
  await until('the stream is ready', () => server.asked.some(({ path }) => path === '/jmap/') && client.store.connection().kind === 'online');
  return client;
}

const MARIE = { name: 'Marie Lefèvre', email: 'marie.lefevre@ac-rouen.fr' };

async function written({ store, commands }: MockClient): Promise<DraftKey> {
  await commands.run('compose', { to: [MARIE] });
  const { draft } = store.view().composers.at(-1)!;
  await commands.run('edit', { draft, change: { subject: 'Réunion', html: '<p>Bonjour <b>Marie</b></p>' } });
  return draft;
}

function draftsOf({ store }: MockServer): readonly string[] {
  return [...store.emails.values()].filter(({ mailboxIds }) => mailboxIds[store.mailbox('drafts')] === true).map(({ subject }) => subject ?? '');
}

describe('a draft', () => {
  it('is saved once, however often', async () => {
    const client = await signedIn();
    const draft = await written(client);
    await client.commands.run('save-draft', { draft });
    await client.commands.run('edit', { draft, change: { subject: 'Réunion de jeudi' } });
    await client.commands.run('save-draft', { draft });
    expect(draftsOf(client.server)).toEqual(['Réunion de jeudi']);
    expect(client.store.draft(draft)).toMatchObject({ state: 'saved', problem: null });
    const saved = [...client.server.store.emails.values()].at(-1)!;
    expect(saved.bodyValues['text']!.value).toBe('Bonjour Marie');
  });

  it('goes on in one’s own mailbox when the one it lay in is closed to the person', async () => {
    const client = await signedIn();
    const { store, server } = client;
    const [mine, theirs] = [server.account, 'adele' as typeof server.account];
    const content = { ...store.draft(await written(client))!.content, subject: 'Au nom d’Adèle' };
    const key = store.drafting.create(theirs, content, 'E1' as never);
    store.drafting.edit(key, {});
    store.drafting.bringHome(new Set([theirs]), mine);
    await client.commands.run('save-draft', { draft: key });
    expect(store.draft(key)).toMatchObject({ account: mine, state: 'saved', problem: null });
    expect(draftsOf(server)).toContain('Au nom d’Adèle');
  });

  it('is saved once even when the first answer was lost', async () => {
    const client = await signedIn();
    const draft = await written(client);
    const { interfere } = client.server;
    client.server.interfere = (path, _method, body) => {
      if (path !== '/jmap/' || !body.includes('Email/set')) return null;
      client.server.interfere = interfere;
      void client.server.road.fetch(path, { method: 'POST', body });
      return 'broken';
    };
    await client.commands.run('save-draft', { draft });
    expect(client.store.draft(draft)!.state).toBe('kept');
    await until('the lost request arrived', () => draftsOf(client.server).length === 1);
    await client.commands.run('edit', { draft, change: { subject: 'Encore' } });
    await client.commands.run('save-draft', { draft });
    expect(draftsOf(client.server)).toEqual(['Encore']);
  });

  it('typed without a connection survives a closed tab and is saved later', async () => {
    const client = await signedIn();
    client.server.interfere = () => 'broken';
    const draft = await written(client);
    await client.commands.run('save-draft', { draft });
    expect(client.store.draft(draft)!.state).toBe('kept');
    client.close();
    client.server.interfere = () => null;
    const later = await signedIn(client.server, client.shelf);
    await until('it is on the server', () => draftsOf(client.server).length === 1);
    expect(later.store.draft(draft)!.content.subject).toBe('Réunion');
    expect(later.store.view().composers).toEqual([{ draft, minimised: true }]);
  });

  it('thrown away is gone from the server too', async () => {
    const client = await signedIn();
    const draft = await written(client);
    await client.commands.run('save-draft', { draft });
    await client.commands.run('discard-draft', { draft });
    await until('it is gone', () => draftsOf(client.server).length === 0);
    expect(client.store.view().composers).toEqual([]);
  });
});

describe('attachments', () => {
  const file = (size: number) => new File([new Uint8Array(size)], 'bilan.pdf', { type: 'application/pdf' });

  it('are uploaded with progress and become part of the draft', async () => {
    const client = await signedIn();
    const draft = await written(client);
    const progress: number[] = [];
    client.store.subscribe(() => progress.push(...client.store.draft(draft)!.uploads.map(({ sent }) => sent)));
    client.server.latency = 5;
    await client.commands.run('attach', { draft, files: [file(1000)] });
    expect(client.store.draft(draft)!.content.attachments).toMatchObject([{ name: 'bilan.pdf', size: 1000, type: 'application/pdf' }]);
    expect(client.store.draft(draft)!.uploads).toEqual([]);
    expect(progress).toContain(500);
  });

  it('that are large go on from where the line broke, when it is back', async () => {
    const client = await signedIn();
    const draft = await written(client);
    client.store.amend({ limits: { attachmentBytes: 25e6, undoSeconds: 10, idleSeconds: 60 } });
    const piece = 2 * 1024 * 1024;
    let broken = true;
    client.server.interfere = (path, method, offset) => {
      if (path.endsWith('/blob')) return Response.json({ blobId: 'Gbig', type: '', size: 0 }, { status: 201 });
      return broken && method === 'PATCH' && offset === String(2 * piece) ? 'broken' : null;
    };
    await client.commands.run('attach', { draft, files: [file(3 * piece)] });
    const [upload] = client.store.draft(draft)!.uploads;
    expect(upload).toMatchObject({ problem: { kind: 'offline' }, sent: 2 * piece });
    broken = false;
    await client.commands.run('retry-upload', { draft, upload: upload!.id });
    expect(client.store.draft(draft)!.content.attachments).toMatchObject([{ blob: 'Gbig', size: 3 * piece }]);
    const pieces = client.server.asked.filter(({ method }) => method.startsWith('PATCH'));
    expect(pieces.map(({ method }) => method)).toEqual([0, piece, 2 * piece, 2 * piece].map((offset) => `PATCH ${offset}`));
    expect(client.server.asked.at(-1)).toMatchObject({ method: 'DELETE', path: pieces[0]!.path });
  });

  it('can be cancelled on the way, and the message stays', async () => {
    const client = await signedIn();
    const draft = await written(client);
    client.server.latency = 10_000;
    const attaching = client.commands.run('attach', { draft, files: [file(1000)] });
    await client.commands.run('cancel-upload', { draft, upload: client.store.draft(draft)!.uploads[0]!.id });
    await attaching;
    expect(client.store.draft(draft)).toMatchObject({ uploads: [], content: { attachments: [] } });
  });

  it('with a virus are refused with the reference', async () => {
    const client = await signedIn();
    const draft = await written(client);
    client.server.interfere = (path) =>
      path.startsWith('/jmap/upload/') ? new Response('{"type":"virus_found","detail":"EICAR","reference":"R-7"}', { status: 422 }) : null;
    await client.commands.run('attach', { draft, files: [file(10)] });
    expect(client.store.draft(draft)!.uploads[0]!.problem).toEqual({ kind: 'virus', detail: 'EICAR', reference: 'R-7' });
  });

  it('beyond the limit are not even uploaded', async () => {
    const client = await signedIn();
    const draft = await written(client);
    client.store.amend({ limits: { attachmentBytes: 100, undoSeconds: 10, idleSeconds: 60 } });
    client.server.asked.length = 0;
    await client.commands.run('attach', { draft, files: [file(60), file(60)] });
    expect(client.store.draft(draft)!.uploads.map(({ problem }) => problem)).toEqual([{ kind: 'too-large', limit: 100 }]);
    expect(client.server.asked.filter(({ path }) => path.startsWith('/jmap/upload/'))).toHaveLength(1);
  });
});

describe('sending', () => {
  it('saves, hands over, waits, and ends when it has left', async () => {
    const client = await signedIn();
    const draft = await written(client);
    await client.commands.run('send', { draft });
    expect(client.store.view().composers).toEqual([]);
    expect(client.store.outgoing()).toMatchObject([{ draft, state: { kind: 'waiting' } }]);
    expect(client.server.sends[0]!.rcptTo).toEqual([MARIE.email]);
    client.server.settle(client.server.sends[0]!.id, 'sent');
    await until('sent', () => client.store.outgoing()[0]?.state.kind === 'sent');
    expect(client.store.drafts()).toEqual([]);
  });

  it('refused comes back to the composer with reason and reference, and the draft is kept', async () => {
    const client = await signedIn();
    const draft = await written(client);
    await client.commands.run('send', { draft });
    client.server.settle(client.server.sends[0]!.id, 'refused', 'Cette adresse n’est pas la vôtre.');
    await until('refused', () => client.store.outgoing()[0]?.state.kind === 'refused');
    expect(client.store.outgoing()[0]!.state).toEqual({ kind: 'refused', reason: 'Cette adresse n’est pas la vôtre.', reference: 'R-1' });
    expect(client.store.view().composers).toEqual([{ draft, minimised: false }]);
    expect(client.store.draft(draft)!.content.subject).toBe('Réunion');
  });

  it('taken back is a draft again; too late it goes on', async () => {
    const client = await signedIn();
    const draft = await written(client);
    await client.commands.run('send', { draft });
    await client.commands.run('cancel-send', { draft });
    expect(client.server.sends).toEqual([]);
    expect(client.store.view().composers).toEqual([{ draft, minimised: false }]);
    await client.commands.run('send', { draft });
    client.server.sends[0] = { ...client.server.sends[0]!, state: 'sending' };
    await client.commands.run('cancel-send', { draft });
    expect(client.store.outgoing()[0]!.state.kind).toBe('sending');
  });

  it('is not done twice when the answer to the first try was lost', async () => {
    const client = await signedIn();
    const draft = await written(client);
    client.server.interfere = (path, method, body) => {
      if (path !== '/api/send' || method !== 'POST') return null;
      client.server.interfere = () => null;
      void client.server.road.fetch(path, { method, body });
      return 'broken';
    };
    await client.commands.run('send', { draft });
    await until('the lost request arrived', () => client.server.sends.length === 1);
    await client.store.sending.look();
    await until('it is followed', () => client.store.outgoing()[0]?.state.kind === 'waiting');
    expect(client.server.sends).toHaveLength(1);
  });

  it('without a connection waits, and goes on in a tab opened later', async () => {
    const client = await signedIn();
    const draft = await written(client);
    client.server.interfere = () => 'broken';
    await client.commands.run('send', { draft });
    expect(client.store.outgoing()[0]!.state.kind).toBe('preparing');
    client.close();
    client.server.interfere = () => null;
    const later = await signedIn(client.server, client.shelf);
    await until('it is handed over', () => client.server.sends.length === 1);
    await until('it is followed', () => later.store.outgoing()[0]?.state.kind === 'waiting');
  });

  it('of an answer marks what it answered', async () => {
    const server = new MockServer();
    const original = server.store.deliver({ subject: 'Question' });
    const client = await signedIn(server);
    await client.commands.run('reply', { account: server.account, email: original.id });
    const { draft } = client.store.view().composers.at(-1)!;
    await client.commands.run('send', { draft });
    await until('handed over', () => server.sends.length === 1);
    expect(server.sends[0]!.original).toEqual({ emailId: original.id, kind: 'reply' });
    expect(original.keywords).not.toHaveProperty('$answered');
    server.settle(server.sends[0]!.id, 'sent');
    await until('marked', () => original.keywords['$answered'] === true);
  });

  it('tells what it answers when it leaves later, or was begun without a connection', async () => {
    const server = new MockServer();
    const original = server.store.deliver({ subject: 'Question' });
    const client = await signedIn(server);
    await client.commands.run('forward', { account: server.account, email: original.id });
    const { draft } = client.store.view().composers.at(-1)!;
    await client.commands.run('edit', { draft, change: { to: [{ name: null, email: 'marie@ac-rouen.fr' }] } });
    server.interfere = () => 'broken';
    await client.commands.run('send', { draft, sendAt: '2027-01-04T07:00:00.000Z' });
    expect(server.sends).toEqual([]);
    server.interfere = () => null;
    await client.store.sending.look();
    await until('handed over', () => server.sends.length === 1);
    expect(server.sends[0]!.original).toEqual({ emailId: original.id, kind: 'forward' });
  });
});
