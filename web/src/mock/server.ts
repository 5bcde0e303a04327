import type { ApiMe, ApiSend, SendRequest } from '../wire/api.ts';
import type { AccountId, Address, EmailId } from '../wire/ids.ts';
import type { EmailQuery, Reference } from '../wire/jmap-types.ts';
import { cancelled, type EventStream, type Journey, type Pieces, type Road, type UploadAnswer, type UploadOptions } from '../wire/road.ts';
import { WireError } from '../wire/problems.ts';
import { MockMailboxes } from './data.ts';
import { emailChanges, getThings, getThreads, mailboxChanges, MethodError, queryEmails, setEmails, setMailboxes } from './methods.ts';

type Args = Readonly<Record<string, unknown>>;
type Triple = readonly [string, Args, string];

/** Answers in place of the server: a response, a broken network, or null to let it answer by itself. */
export type Interference = (path: string, method: string, body: string) => Response | 'broken' | null;

const ME: Address = { name: 'Paul Martin', email: 'paul.martin@ac-rouen.fr' };

/** Walk a result as a back reference says (RFC 8620 §3.7). */
function follow(value: unknown, steps: readonly string[]): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (step === '*') return (value as readonly unknown[]).flatMap((each) => follow(each, rest));
  return follow((value as Args)[step], rest);
}

function resolve(args: Args, results: ReadonlyMap<string, Args>): Args {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      if (!name.startsWith('#')) return [name, value];
      const reference = value as Reference;
      const result = results.get(reference.resultOf);
      if (result === undefined) throw new MethodError('invalidResultReference');
      return [name.slice(1), follow(result, reference.path.split('/').slice(1))];
    }),
  );
}

class MockStream implements EventStream {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;
  private readonly listeners = new Map<string, (data: string) => void>();

  on(event: string, listener: (data: string) => void): void {
    this.listeners.set(event, listener);
  }

  emit(event: string, data: unknown): void {
    if (!this.closed) this.listeners.get(event)?.(JSON.stringify(data));
  }

  close(): void {
    this.closed = true;
  }
}

/** A platform in memory: JMAP, `/api/`, uploads and events, without chance or clock of its own. */
export class MockServer {
  readonly account = 'paul.martin@ac-rouen.fr' as AccountId;
  readonly store = new MockMailboxes();
  /** What features ask for: `GET /api/x` → the answer to a body. */
  readonly routes = new Map<string, (body: string) => Response>();
  readonly settings: Record<string, unknown> = {};
  signature: ApiMe['signature'] = { mode: 'off', by: [] };
  readonly sends: (ApiSend & Pick<SendRequest, 'rcptTo' | 'original'>)[] = [];
  /** Every request, for tests that count them. */
  readonly asked: { readonly path: string; readonly method: string; readonly calls: readonly string[]; readonly background: boolean }[] = [];
  /** The person said that several people use their computer. */
  shared = false;
  /** Milliseconds before each answer. */
  latency = 0;
  interfere: Interference = () => null;
  refuse: (id: EmailId) => string | null = () => null;
  private streams: MockStream[] = [];

  readonly road: Road = {
    fetch: (path, init) => this.fetch(path, init),
    upload: (path, body, options) => this.upload(path, body, options),
    journey: (path, file, pieces) => this.journey(path, file, pieces),
    events: () => this.open(),
  };

  /** Pieces that `interfere` may break: what came before stays. */
  private journey(path: string, file: File, { bytes }: Pieces): Journey {
    const location = `${path}/${this.store.number()}`;
    let offset = 0;
    return {
      run: async (signal, onProgress) => {
        while (offset < file.size) {
          this.asked.push({ path: location, method: `PATCH ${offset}`, calls: [], background: false });
          await this.wait(signal);
          if (this.interfere(location, 'PATCH', offset.toString()) !== null) throw new WireError({ kind: 'offline' });
          offset = Math.min(file.size, offset + bytes);
          onProgress(offset);
        }
        return { location, link: null };
      },
    };
  }

  private open(): EventStream {
    const stream = new MockStream();
    this.streams.push(stream);
    const broken = this.interfere('/events', 'GET', '') !== null;
    setTimeout(() => {
      if (broken) stream.onerror?.();
      else stream.emit('ready', {});
    }, this.latency);
    return stream;
  }

  emit(event: string, data: unknown): void {
    for (const stream of this.streams) stream.emit(event, data);
  }

  /** Tell the clients that mail changed, as the relay does. */
  push(): void {
    this.emit('changed', { account: this.account, types: ['Email', 'Mailbox', 'Thread'] });
  }

  breakStreams(): void {
    const broken = this.streams;
    this.streams = [];
    for (const stream of broken) if (!stream.closed) stream.onerror?.();
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const method = init.method ?? 'GET';
    const body = typeof init.body === 'string' ? init.body : '';
    const headers = new Headers(init.headers);
    const calls = path === '/jmap/' && method === 'POST' ? (JSON.parse(body) as { methodCalls: readonly Triple[] }).methodCalls.map(([name]) => name) : [];
    this.asked.push({ path, method, calls, background: headers.get('X-Casier-Background') === '1' });
    await this.wait(init.signal ?? null);
    const interference = this.interfere(path, method, body);
    if (interference === 'broken') throw new TypeError('network');
    return interference ?? this.answer(path, method, body);
  }

  private wait(signal: AbortSignal | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, this.latency);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(cancelled());
      });
    });
  }

  private answer(path: string, method: string, body: string): Response {
    const [route = '', ...rest] = path.split(/(?<=^\/(?:jmap|api\/\w+))(?=[/?])/);
    switch (`${method} ${route}`) {
      case 'GET /jmap':
        return Response.json(this.session());
      case 'POST /jmap':
        return Response.json(this.jmap(body));
      case 'GET /api/me':
        return Response.json(this.me());
      case 'PATCH /api/me':
        return Response.json({});
      case 'PUT /api/settings':
        this.settings[rest.join('').slice(1)] = JSON.parse(body);
        return Response.json({});
      case 'GET /api/people':
        return Response.json([{ name: 'Marie Lefèvre', email: 'marie.lefevre@ac-rouen.fr', detail: 'Collège Fontenelle' }]);
      case 'GET /api/send':
        return Response.json(this.sends);
      case 'POST /api/send':
        return this.accept(body);
      case 'DELETE /api/send':
        return this.cancel(rest.join('').slice(1));
      default:
        return this.routes.get(`${method} ${path}`)?.(body) ?? new Response('{"type":"not_found"}', { status: 404 });
    }
  }

  private session(): unknown {
    return {
      accounts: { [this.account]: { name: this.account, isPersonal: true, isReadOnly: false } },
      primaryAccounts: { 'urn:ietf:params:jmap:mail': this.account },
      capabilities: { 'urn:ietf:params:jmap:core': { maxObjectsInSet: 500, maxObjectsInGet: 500, maxCallsInRequest: 16 } },
      username: this.account, apiUrl: '/jmap/', downloadUrl: '', uploadUrl: '', state: '0',
    };
  }

  private me(): unknown {
    return {
      account: { id: 'acc-1', name: ME.name, address: ME.email, mailboxKey: this.account },
      academy: { slug: 'rouen', name: 'Académie de Rouen', accent: '#1B5E57', domains: ['ac-rouen.fr'] },
      signature: this.signature,
      outside: 'first',
      waiting: this.sends.filter(({ scheduled }) => scheduled).length,
      identities: [ME], shared: [], limits: { attachmentBytes: 100_000_000, undoSeconds: 10, idleSeconds: 1800, warningSeconds: 120 }, locale: 'fr',
      theme: 'auto', sharedComputer: this.shared, settings: this.settings,
    };
  }

  private jmap(body: string): unknown {
    const { methodCalls } = JSON.parse(body) as { methodCalls: readonly Triple[] };
    const results = new Map<string, Args>();
    const methodResponses = methodCalls.map(([name, args, id]) => {
      try {
        const result = this.call(name, resolve(args, results));
        results.set(id, result);
        return [name, result, id];
      } catch (caught) {
        if (!(caught instanceof MethodError)) throw caught;
        return ['error', { type: caught.message }, id];
      }
    });
    return { methodResponses, sessionState: '0' };
  }

  private call(name: string, args: Args): Args {
    const { store } = this;
    switch (name) {
      case 'Mailbox/get':
        return getThings(store.modseq, new Map([...store.mailboxes].map(([id, mailbox]) => [id, store.read(mailbox)])), args);
      case 'Mailbox/changes':
        return mailboxChanges(store, args);
      case 'Mailbox/set':
        return setMailboxes(store, args);
      case 'Email/query':
        return queryEmails(store, args as unknown as EmailQuery);
      case 'Email/get':
        return getThings(store.modseq, store.emails, args);
      case 'Email/changes':
        return emailChanges(store, args);
      case 'Email/set':
        return setEmails(store, args, this.refuse);
      case 'Thread/get':
        return getThreads(store, args);
      default:
        throw new MethodError('unknownMethod');
    }
  }

  private accept(body: string): Response {
    const { emailId, accountId, rcptTo, sendAt, original } = JSON.parse(body) as SendRequest;
    const dueAt = sendAt ?? new Date(Date.now() + 10_000).toISOString();
    const send: (typeof this.sends)[number] = {
      id: `S${this.store.number()}`, emailId, accountId, rcptTo, state: 'waiting', reason: null, reference: null, dueAt, scheduled: sendAt !== undefined,
      ...(original === undefined ? {} : { original }),
    };
    this.sends.push(send);
    return Response.json({ id: send.id, dueAt: send.dueAt }, { status: 202 });
  }

  private cancel(id: string): Response {
    const at = this.sends.findIndex((send) => send.id === id);
    if (at < 0) return new Response('{}', { status: 404 });
    if (this.sends[at]?.state !== 'waiting') return new Response('{"type":"too-late"}', { status: 409 });
    this.sends.splice(at, 1);
    return new Response(null, { status: 204 });
  }

  /** A message on its way leaves, or is refused; clients are told. */
  settle(id: string, state: 'sent' | 'refused', reason: string | null = null): void {
    const at = this.sends.findIndex((send) => send.id === id);
    const send = this.sends[at];
    if (send === undefined) throw new Error(`no send ${id}`);
    this.sends[at] = { ...send, state, reason, reference: reason === null ? null : 'R-1' };
    if (state === 'sent') {
      this.store.change(send.emailId, (email) => {
        email.mailboxIds = { [this.store.mailbox('sent')]: true };
        Reflect.deleteProperty(email.keywords, '$draft');
      });
    }
    if (state === 'sent' && send.original !== undefined) {
      const keyword = send.original.kind === 'reply' ? '$answered' : '$forwarded';
      this.store.change(send.original.emailId, (email) => {
        email.keywords[keyword] = true;
      });
    }
    this.emit('send', { id, state });
  }

  private async upload(path: string, body: Blob, options: UploadOptions): Promise<UploadAnswer> {
    this.asked.push({ path, method: 'POST', calls: [], background: false });
    options.onProgress(body.size / 2);
    await this.wait(options.signal);
    const interference = this.interfere(path, 'POST', '');
    if (interference === 'broken') throw new TypeError('network');
    if (interference !== null) return { status: interference.status, body: await interference.text(), header: (name) => interference.headers.get(name) };
    options.onProgress(body.size);
    const answer = { accountId: this.account, blobId: `G${this.store.number()}`, type: options.type, size: body.size };
    return { status: 201, body: JSON.stringify(answer), header: () => null };
  }
}
