import { afterEach, describe, expect, it } from 'vitest';

import { mockClient, type MockClient, until } from '../mock/client.ts';
import { MockServer } from '../mock/server.ts';
import type { Attachment, Message, Row } from '../store/types.ts';
import { bareSubject, buildForward, buildReply, forwardSubject, quoteBody, replyRecipients, replySubject, type Writer } from './reply.ts';

const clients: MockClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function signedIn(server: MockServer): Promise<MockClient> {
  const client = mockClient(server);
  clients.push(client);
  await client.store.start();
  await until('rows', () => client.store.view().list !== null && client.store.list(client.store.view().list!).state === 'ready');
  return client;
}

function rows({ store }: MockClient): readonly Row[] {
  const list = store.list(store.view().list!);
  return Array.from({ length: list.length }, (_, index) => list.row(index)).filter((row) => row !== undefined);
}

function serverWith(count: number): MockServer {
  const server = new MockServer();
  for (let number = 0; number < count; number += 1) server.store.deliver();
  return server;
}

describe('opening a conversation', () => {
  it('is one request, reads it at once, and remembers what was unread', async () => {
    const server = new MockServer();
    const first = server.store.deliver({ subject: 'Question', keywords: ['$seen'] });
    const second = server.store.deliver({ subject: 'Re: Question', thread: first.threadId });
    const client = await signedIn(server);
    await until('the conversation is known', () => rows(client)[0]?.messages === 2);
    server.asked.length = 0;
    const opening = client.commands.run('open-conversation', rows(client)[0]!);
    expect(rows(client)[0]!.unread).toBe(false);
    await opening;
    const shown = client.store.conversation(client.store.view().open!);
    expect(shown.messages.map(({ subject }) => subject)).toEqual(['Question', 'Re: Question']);
    expect(shown.state).toBe('ready');
    expect([...client.store.view().fresh]).toEqual([second.id]);
    expect(server.asked.filter(({ calls }) => calls.includes('Email/get')).map(({ calls }) => calls)).toEqual([['Thread/get', 'Email/get']]);
    await until('the server knows', () => second.keywords['$seen'] === true);
  });

  it('goes on to the next and the one before', async () => {
    const client = await signedIn(serverWith(3));
    await client.commands.run('open-conversation', rows(client)[0]!);
    await client.commands.run('next-conversation', {});
    expect(client.store.view().open!.thread).toBe(rows(client)[1]!.thread);
    await client.commands.run('previous-conversation', {});
    expect(client.store.view().open!.thread).toBe(rows(client)[0]!.thread);
  });
});

describe('several at once', () => {
  it('ten are archived together and come back together', async () => {
    const client = await signedIn(serverWith(12));
    await client.commands.run('select', { thread: rows(client)[0]!.thread, selected: true });
    await client.commands.run('select-through', { thread: rows(client)[9]!.thread });
    await client.commands.run('archive', {});
    expect(rows(client)).toHaveLength(2);
    expect(client.store.undo()).toMatchObject({ command: 'archive', count: 10 });
    expect(client.store.view().selection.size).toBe(0);
    await until('the server knows', () => client.store.pending() === 0);
    expect(client.server.asked.filter(({ calls }) => calls.includes('Email/set'))).toHaveLength(1);
    await client.commands.run('undo', {});
    expect(rows(client)).toHaveLength(12);
  });
});

describe('rows that were never on the screen', () => {
  it('a range of a hundred is a hundred', async () => {
    const client = await signedIn(serverWith(150));
    await client.commands.run('select', { thread: rows(client)[0]!.thread, selected: true });
    // One scrolls fast: the rows between are never fetched.
    await client.commands.run('show-rows', { first: 95, last: 110 });
    const view = client.store.list(client.store.view().list!);
    await until('the last rows', () => view.row(99) !== undefined || client.store.list(client.store.view().list!).row(99) !== undefined);
    expect(rows(client).length).toBeLessThan(100);
    const last = client.store.list(client.store.view().list!).row(99)!.thread;
    void client.commands.run('select-through', { thread: last });
    await client.commands.run('archive', {});
    expect(client.store.undo()).toMatchObject({ command: 'archive', count: 100 });
    await until('the server knows', () => client.store.pending() === 0);
    const [inbox, archive] = ['inbox', 'archive'].map((role) => client.store.mailboxes(client.store.me()!.account).find((one) => one.role === role)!.id);
    const inside = (mailbox: string) => [...client.server.store.emails.values()].filter(({ mailboxIds }) => Object.hasOwn(mailboxIds, mailbox)).length;
    expect([inside(inbox!), inside(archive!)]).toEqual([50, 100]);
    await client.commands.run('undo', {});
    await until('all are back', () => client.store.pending() === 0 && inside(inbox!) === 150);
  });

  it('all of a folder and all of a search are all', async () => {
    const client = await signedIn(serverWith(520));
    await client.commands.run('select-all', {});
    expect(client.store.view().selection.size).toBe(520);
    await client.commands.run('clear-selection', {});
    await client.commands.run('filter', { only: 'unread' });
    await client.commands.run('select-all', {});
    expect(client.store.view().selection.size).toBe(520);
  });

  it('a selection that is given up while it grows stays given up', async () => {
    const client = await signedIn(serverWith(150));
    const selecting = client.commands.run('select-all', {});
    await client.commands.run('clear-selection', {});
    await selecting;
    expect(client.store.view().selection.size).toBe(0);
  });
});

describe('a mailbox that one may only read', () => {
  it.each([true, false])('open for more: %s', async (open) => {
    const server = new MockServer();
    const email = server.store.deliver();
    const client = await signedIn(server);
    const { mailboxes } = client.store.part(client.store.me()!.account).mail.records;
    for (const [id, mailbox] of mailboxes) {
      const myRights = { ...mailbox.myRights, mayAddItems: open, mayRemoveItems: open, maySetSeen: open, maySetKeywords: open };
      mailboxes.set(id, { ...mailbox, myRights });
    }
    await client.commands.run('open-conversation', rows(client)[0]!);
    for (const act of ['star', 'archive'] as const) expect(client.commands.can(act)).toBe(open);
    await until('all is sent', () => client.store.pending() === 0);
    expect(email.keywords['$seen'] === true).toBe(open);
  });
});

describe('what makes no sense can’t be done', () => {
  it('deleting in the trash, archiving what one wrote; destroying elsewhere', async () => {
    const server = serverWith(1);
    server.store.deliver({ mailbox: 'trash' });
    const client = await signedIn(server);
    expect(client.commands.can('delete')).toBe(true);
    expect(client.commands.can('destroy')).toBe(false);
    expect(client.commands.can('not-junk')).toBe(false);
    await client.commands.run('open-folder', { account: server.account, mailbox: server.store.mailbox('trash') });
    await until('rows', () => rows(client).length === 1);
    expect(client.commands.can('delete')).toBe(false);
    expect(client.commands.can('destroy')).toBe(true);
    await client.commands.run('destroy', {});
    expect(rows(client)).toHaveLength(0);
    await until('it is gone', () => server.store.emails.size === 1);
    expect(client.commands.can('undo')).toBe(false);
  });
});

describe('a search', () => {
  it('looks everywhere but in trash and junk, and goes back to the folder', async () => {
    const server = serverWith(2);
    server.store.deliver({ mailbox: 'archive', subject: 'Élection du délégué' });
    server.store.deliver({ mailbox: 'trash', subject: 'Élection annulée' });
    const client = await signedIn(server);
    await client.commands.run('search', { text: 'election', everywhere: true });
    await until('results', () => rows(client).length > 0);
    expect(rows(client).map(({ subject }) => subject)).toEqual(['Élection du délégué']);
    await client.commands.run('archive', {});
    await client.commands.run('search', { text: '', everywhere: true });
    expect(rows(client)).toHaveLength(2);
  });
});

describe('folders', () => {
  it('are made, renamed and deleted, their messages going to the trash', async () => {
    const server = new MockServer();
    const mail = server.store.deliver({ mailbox: 'Conseils de classe' });
    const client = await signedIn(server);
    const { account } = server;
    const names = () => client.store.mailboxes(account).map(({ name }) => name);
    await client.commands.run('create-folder', { account, name: 'Voyages', parent: null });
    expect(names()).toContain('Voyages');
    await client.commands.run('rename-folder', { account, mailbox: server.store.mailbox('Conseils de classe'), name: 'Conseils' });
    expect(names()).toContain('Conseils');
    await until('nothing waits', () => client.store.pending() === 0);
    await client.commands.run('delete-folder', { account, mailbox: server.store.mailbox('Conseils') });
    expect(names()).not.toContain('Conseils');
    await until('nothing waits', () => client.store.pending() === 0);
    expect(Object.keys(mail.mailboxIds)).toEqual([server.store.mailbox('trash')]);
  });

  it('with folders inside stay as they are', async () => {
    const server = new MockServer();
    const parent = server.store.mailbox('Conseils de classe');
    server.store.addMailbox('Dedans', null, parent);
    const mail = server.store.deliver({ mailbox: 'Conseils de classe' });
    const client = await signedIn(server);
    await client.commands.run('delete-folder', { account: server.account, mailbox: parent });
    await until('it is refused', () => client.store.notices().length === 1);
    expect(client.store.notices()[0]).toMatchObject({ kind: 'folder-refused', problem: { code: 'mailboxHasChild' } });
    expect(mail.mailboxIds).toEqual({ [parent]: true });
  });
});

describe('subjects', () => {
  it.each([
    ['Réunion', 'Re: Réunion', 'Fwd: Réunion'],
    ['Re: Réunion', 'Re: Réunion', 'Fwd: Réunion'],
    ['RE : Tr: re[2]: Réunion', 'Re: Réunion', 'Fwd: Réunion'],
    ['Fwd: AW: Réunion', 'Re: Réunion', 'Fwd: Réunion'],
    ['Rentrée : horaires', 'Re: Rentrée : horaires', 'Fwd: Rentrée : horaires'],
    ['', 'Re:', 'Fwd:'],
  ])('%s', (subject, reply, forward) => {
    expect(replySubject(subject)).toBe(reply);
    expect(forwardSubject(subject)).toBe(forward);
    expect(replySubject(reply)).toBe(reply);
    expect(bareSubject(forward)).toBe(bareSubject(reply));
  });
});

const person = (name: string) => ({ name, email: `${name.toLowerCase()}@ac-rouen.fr` });
const [paul, marie, jean, liste] = [person('Paul'), person('Marie'), person('Jean'), person('Liste')];
const mine = [paul];

describe('whom an answer goes to', () => {
  const none = { from: [], replyTo: [], to: [], cc: [] };
  it.each([
    ['the sender', { ...none, from: [marie], to: [paul] }, false, [marie], []],
    ['the address that was asked for', { ...none, from: [marie], replyTo: [liste], to: [paul] }, false, [liste], []],
    ['all but oneself, each once', { ...none, from: [marie], to: [paul, jean], cc: [{ ...marie, name: 'M.' }, liste] }, true, [marie], [jean, liste]],
    ['the same people again after one’s own message', { ...none, from: [paul], to: [marie], cc: [jean] }, true, [marie], [jean]],
    ['oneself, when nobody else is there', { ...none, from: [paul], to: [paul] }, false, [paul], []],
  ])('%s', (_name, message, all, to, cc) => {
    expect(replyRecipients(message, mine, all)).toEqual({ to, cc });
  });
});

describe('a quoted message', () => {
  const message = {
    id: 'M1', from: [marie], replyTo: [], sender: [], to: [paul], cc: [], bcc: [], subject: 'Tr: Sortie', sentAt: '2026-11-24T13:05:00Z',
    receivedAt: '2026-11-24T13:05:03Z', messageId: ['b@x'], references: ['a@x'],
    body: {
      parts: [{ kind: 'html', value: '<p onclick="x()">Bonjour</p><script>alert(1)</script><img src="https://pisteur.example/p.gif"><style>p{}</style>', truncated: false }],
      attachments: [{ blob: 'G1', name: 'plan.pdf', type: 'application/pdf', size: 3, cid: null, inline: false, url: '' }], garbled: false,
    },
  } as unknown as Message;
  const writer: Writer = { mine, otherwise: paul, locale: 'fr', now: new Date('2026-11-25T00:00:00Z') };

  it('brings nothing that runs or loads', () => {
    expect(quoteBody(message.body)).toBe('<p>Bonjour</p>');
    const text = { parts: [{ kind: 'text', value: '1 < 2\n<b>', truncated: false }], attachments: [], garbled: false } as const;
    expect(quoteBody(text)).toBe('<p style="margin:0">1 &lt; 2</p><p style="margin:0">&lt;b&gt;</p>');
  });

  it('quotes what would take the page down by its words', () => {
    const deep = { parts: [{ kind: 'html', value: `${'<div>'.repeat(30_000)}Au <b>fond</b>`, truncated: false }], attachments: [], garbled: false } as const;
    expect(quoteBody(deep)).toContain('Au fond');
    expect(quoteBody(deep)).not.toContain('<div>');
  });

  it('in an answer names who and when, and carries the references on', () => {
    const reply = buildReply(message, writer, false);
    expect(reply.subject).toBe('Re: Sortie');
    expect(reply.html).toMatch(/Le mardi 24 novembre, \d+\u00a0h\u00a005, Marie a écrit\u00a0:/);
    expect(reply.html).toContain('<blockquote type="cite"><p>Bonjour</p></blockquote>');
    expect(reply).toMatchObject({ from: paul, to: [marie], inReplyTo: ['b@x'], references: ['a@x', 'b@x'], attachments: [], origin: { kind: 'reply' } });
  });

  it('passed on keeps its attachments and says where it came from', () => {
    const forward = buildForward(message, writer);
    expect(forward.html).toContain('Objet\u00a0: Tr: Sortie');
    expect(forward.html).toContain('De\u00a0: Marie &lt;marie@ac-rouen.fr&gt;');
    expect(forward).toMatchObject({ to: [], subject: 'Fwd: Sortie', attachments: [{ name: 'plan.pdf' }], origin: { kind: 'forward' } });
  });
});

describe('files of a draft', () => {
  it('are taken out one by one, copies of a file stay', async () => {
    const { commands, store } = await signedIn(serverWith(1));
    await commands.run('compose', {});
    const { draft } = store.view().composers.at(-1)!;
    const file = { blob: 'G1', name: 'plan.pdf', type: 'application/pdf', size: 3, cid: null, inline: false, url: '' } as unknown as Attachment;
    const [copy, drawn] = [{ ...file, name: 'plan (copie).pdf' }, { ...file, cid: 'a@casier', inline: true }];
    await commands.run('edit', { draft, change: { attachments: [file, { ...file }, copy, drawn] } });
    await commands.run('remove-attachment', { draft, attachment: { ...file } });
    expect(store.draft(draft)?.content.attachments).toEqual([file, copy, drawn]);
    await commands.run('remove-attachment', { draft, attachment: copy });
    expect(store.draft(draft)?.content.attachments).toEqual([file, drawn]);
  });
});
