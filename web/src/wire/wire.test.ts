import { describe, expect, it } from 'vitest';

import { MockServer } from '../mock/server.ts';
import { Answers, Batch } from './batch.ts';
import { ask } from './http.ts';
import type { AccountId } from './ids.ts';
import { Jmap } from './jmap.ts';
import { Live, type LiveEvent, waitBefore } from './live.ts';
import { type Problem, problemOf, problemOfAnswer, problemOfJmap } from './problems.ts';

const ACCOUNT = 'paul.martin@ac-rouen.fr' as AccountId;

function answered(status: number, body = '', headers: Readonly<Record<string, string>> = {}): Problem {
  return problemOfAnswer(status, body, (name) => headers[name] ?? null);
}

describe('an answer that is no success', () => {
  it.each<[number, string, Readonly<Record<string, string>>, Problem]>([
    [401, '', { 'X-Casier-Reason': 'session_expired', 'X-Casier-Reference': 'R-1' }, { kind: 'signed-out', reason: 'session_expired', reference: 'R-1' }],
    [403, '{"type":"account_suspended","reference":"R-2"}', {}, { kind: 'signed-out', reason: 'account_suspended', reference: 'R-2' }],
    [403, '{"type":"wrong_origin","title":"Refusé","reference":"R-3"}', {}, { kind: 'forbidden', title: 'Refusé', reference: 'R-3' }],
    [404, '{"reference":"R-6"}', {}, { kind: 'not-found', reference: 'R-6' }],
    [409, '{"detail":"Déjà parti.","reference":"R-7"}', {}, { kind: 'conflict', detail: 'Déjà parti.', reference: 'R-7' }],
    [413, '{"limit":100}', {}, { kind: 'too-large', limit: 100, reference: null }],
    [400, '{"type":"invalid_request","title":"Demande illisible","detail":"body/name","reference":"R-8"}', {}, { kind: 'refused', code: 'invalid_request', detail: 'Demande illisible', reference: 'R-8' }],
    [422, '{"type":"virus_found","detail":"EICAR","reference":"R-4"}', {}, { kind: 'virus', detail: 'EICAR', reference: 'R-4' }],
    [422, '{"type":"not_scannable","detail":"Chiffré","reference":"R-5"}', {}, { kind: 'refused', code: 'not_scannable', detail: 'Chiffré', reference: 'R-5' }],
    [429, '', { 'Retry-After': '20' }, { kind: 'unavailable', status: 429, detail: null, reference: null, after: 20 }],
    [429, '', { 'Retry-After': 'Wed, 21 Oct 2026 07:28:00 GMT' }, { kind: 'unavailable', status: 429, detail: null, reference: null }],
    [502, '<html>bad gateway</html>', {}, { kind: 'unavailable', status: 502, detail: null, reference: null }],
    [503, '{"detail":"Une partie ne répond pas.","reference":"R-9"}', {}, { kind: 'unavailable', status: 503, detail: 'Une partie ne répond pas.', reference: 'R-9' }],
  ])('%i %s', (status, body, headers, problem) => {
    expect(answered(status, body, headers)).toEqual(problem);
  });

  it('inside JMAP has the same names', () => {
    expect(problemOfJmap('overQuota', null)).toEqual({ kind: 'over-quota' });
    expect(problemOfJmap('stateMismatch', null)).toEqual({ kind: 'conflict' });
    expect(problemOfJmap('mailboxHasChild', null)).toEqual({ kind: 'refused', code: 'mailboxHasChild', detail: null, reference: null });
  });
});

describe('a request', () => {
  async function problem(server: MockServer): Promise<Problem> {
    return ask(server.road, '/api/me').then(
      () => expect.fail('no problem'),
      (caught: unknown) => problemOf(caught),
    );
  }

  it('on a broken network is offline', async () => {
    const server = new MockServer();
    server.interfere = () => 'broken';
    expect(await problem(server)).toEqual({ kind: 'offline' });
  });

  it('says that the client asks by itself, and only then', async () => {
    const server = new MockServer();
    await ask(server.road, '/api/me', { background: true });
    await ask(server.road, '/api/me');
    expect(server.asked.map(({ background }) => background)).toEqual([true, false]);
  });

  it('that its caller gives up is no problem of the network', async () => {
    const server = new MockServer();
    server.latency = 1_000;
    const stop = new AbortController();
    const asking = ask(server.road, '/api/me', { signal: stop.signal });
    stop.abort();
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a batch', () => {
  it('uses results of earlier calls, and each call reads its own answer', async () => {
    const server = new MockServer();
    const email = server.store.deliver({ subject: 'Bonjour' });
    const batch = new Batch();
    const query = batch.add('Email/query', { accountId: ACCOUNT, filter: null, sort: [], collapseThreads: true, limit: 5 });
    const get = batch.add('Email/get', { accountId: ACCOUNT, '#ids': query.ref('/ids'), properties: ['subject'] });
    const answers = await new Jmap(server.road).send(batch, { background: false });
    expect(answers.of(query).ids).toEqual([email.id]);
    expect(answers.of(get).list).toEqual([{ id: email.id, subject: 'Bonjour' }]);
  });

  it('tells which call failed; one without an answer failed too', () => {
    const batch = new Batch();
    const one = batch.add('Mailbox/get', { accountId: ACCOUNT });
    const other = batch.add('Mailbox/get', { accountId: ACCOUNT });
    const answers = new Answers([['error', { type: 'accountNotFound' }, one.id]]);
    expect(answers.failure(one)?.type).toBe('accountNotFound');
    expect(() => answers.of(one)).toThrow('not-found');
    expect(answers.failure(other)?.type).toBe('serverFail');
  });
});

describe('the event stream', () => {
  it('is read, and what it doesn’t know is passed over', async () => {
    const server = new MockServer();
    const told: LiveEvent[] = [];
    const live = new Live(server.road, (event) => told.push(event), () => 0);
    live.start();
    await expect.poll(() => told.length).toBe(1);
    server.emit('changed', { account: ACCOUNT, types: ['Email', 7] });
    server.emit('send', { id: 'S1' });
    server.emit('signed-out', { reason: 'expired' });
    server.emit('changed', { account: ACCOUNT, types: [] });
    expect(told).toEqual([{ kind: 'ready' }, { kind: 'changed', account: ACCOUNT, types: ['Email'] }, { kind: 'signed-out', reason: 'expired' }]);
  });

  it('waits longer each time, never at the same moment as others', () => {
    expect([0, 1, 2, 10].map((attempt) => waitBefore(attempt, 1))).toEqual([500, 1000, 2000, 30_000]);
    expect(waitBefore(3, 0)).toBe(2000);
  });
});

it('addresses in paths are written so that Cyrus finds them', () => {
  expect(Jmap.downloadUrl(ACCOUNT, 'G1' as never, 'bilan é/2.pdf', 'application/pdf')).toBe(
    '/jmap/download/paul.martin@ac-rouen.fr/G1/bilan%20%C3%A9%2F2.pdf?accept=application%2Fpdf',
  );
});
