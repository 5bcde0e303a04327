import { problemOfAnswer, WireError } from './problems.ts';
import type { Road } from './road.ts';

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The client asks by itself: the session's idle clock goes on. */
  readonly background?: boolean;
  readonly signal?: AbortSignal;
  /** A part of it alone (RFC 9110 §14.2). */
  readonly range?: string;
  /** How long the answer may take, in milliseconds, where it may take longer than others. */
  readonly patience?: number;
}

/** Longer than any answer the platform should give; a connection that died silently ends here. */
const PATIENCE_MS = 30_000;

function headersOf(asking: Asking): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (asking.body !== undefined) headers['Content-Type'] = 'application/json';
  if (asking.background === true) headers['X-Casier-Background'] = '1';
  if (asking.range !== undefined) headers['Range'] = asking.range;
  return headers;
}

function signalOf(asking: Asking): AbortSignal {
  const timeout = AbortSignal.timeout(asking.patience ?? PATIENCE_MS);
  return asking.signal === undefined ? timeout : AbortSignal.any([timeout, asking.signal]);
}

function failureOf(caught: unknown, asking: Asking): unknown {
  if (asking.signal?.aborted === true) return caught;
  if (caught instanceof DOMException && (caught.name === 'TimeoutError' || caught.name === 'AbortError')) {
    return new WireError({ kind: 'timeout' });
  }
  return caught instanceof TypeError ? new WireError({ kind: 'offline' }) : caught;
}

/** One request and its whole answer as text. Throws WireError for anything but 2xx, and the abort of the caller's own signal as it is. */
export async function ask(road: Road, path: string, asking: Asking = {}): Promise<string> {
  return askFor(road, path, asking, (answer) => answer.text());
}

/** The same, as bytes. */
export async function askBytes(road: Road, path: string, asking: Asking = {}): Promise<ArrayBuffer> {
  return askFor(road, path, asking, (answer) => answer.arrayBuffer());
}

interface Span {
  readonly from: number;
  /** The first byte that isn't wanted. */
  readonly to: number;
  readonly signal: AbortSignal;
}

/** The bytes from one place to another, where the server gives parts; all of them where it doesn't. */
export async function askPart(road: Road, path: string, { from, to, signal }: Span): Promise<{ readonly bytes: Uint8Array; readonly part: boolean }> {
  const read = async (answer: Response) => ({ bytes: new Uint8Array(await answer.arrayBuffer()), part: answer.status === 206 });
  return askFor(road, path, { range: `bytes=${from}-${to - 1}`, signal }, read);
}

async function askFor<Body>(road: Road, path: string, asking: Asking, read: (answer: Response) => Promise<Body>): Promise<Body> {
  try {
    const answer = await road.fetch(path, {
      method: asking.method ?? 'GET',
      headers: headersOf(asking),
      body: asking.body === undefined ? null : JSON.stringify(asking.body),
      credentials: 'same-origin',
      redirect: 'error',
      signal: signalOf(asking),
    });
    if (answer.ok) return await read(answer);
    const { status, headers } = answer;
    throw new WireError(problemOfAnswer(status, await answer.text(), (name) => headers.get(name)));
  } catch (caught) {
    throw failureOf(caught, asking);
  }
}

/** The same, read as JSON. The shape is the contract's: nothing on our own origin is written by others. */
export async function askJson<Answer>(road: Road, path: string, asking: Asking = {}): Promise<Answer> {
  const body = await ask(road, path, asking);
  try {
    return JSON.parse(body) as Answer;
  } catch {
    throw new WireError({ kind: 'unavailable', status: 200, reference: null });
  }
}
