import { Answers, type Batch, type Triple } from './batch.ts';
import { askBytes, askJson } from './http.ts';
import type { AccountId, BlobId } from './ids.ts';
import type { RawSession } from './jmap-types.ts';
import { problemOfAnswer, WireError } from './problems.ts';
import type { Journey, OnProgress, Road } from './road.ts';

const CORE = 'urn:ietf:params:jmap:core';
const MAIL = 'urn:ietf:params:jmap:mail';
/** Where nginx serves it, whatever host name the engine gives in its session object. */
const SESSION_PATH = '/jmap/';

export interface SessionAccount {
  readonly id: AccountId;
  readonly name: string;
  readonly personal: boolean;
  readonly readOnly: boolean;
}

export interface Session {
  readonly accounts: readonly SessionAccount[];
  readonly primary: AccountId;
  readonly maxCalls: number;
  readonly maxObjectsInGet: number;
  readonly maxObjectsInSet: number;
}

export interface Uploaded {
  readonly blobId: BlobId;
  readonly type: string;
  readonly size: number;
}

function limit(session: RawSession, name: string, otherwise: number): number {
  const value = session.capabilities[CORE]?.[name];
  return typeof value === 'number' && value > 0 ? value : otherwise;
}

function readSession(raw: RawSession): Session {
  const accounts = (Object.keys(raw.accounts) as AccountId[]).map((id) => {
    const account = raw.accounts[id];
    return { id, name: account?.name ?? id, personal: account?.isPersonal === true, readOnly: account?.isReadOnly === true };
  });
  const primary = raw.primaryAccounts[MAIL] ?? accounts.find((account) => account.personal)?.id;
  if (primary === undefined) throw new WireError({ kind: 'not-found' });
  return {
    accounts: accounts.sort((one, other) => Number(other.id === primary) - Number(one.id === primary)),
    primary,
    maxCalls: limit(raw, 'maxCallsInRequest', 16),
    maxObjectsInGet: limit(raw, 'maxObjectsInGet', 500),
    maxObjectsInSet: limit(raw, 'maxObjectsInSet', 500),
  };
}

/** Cyrus decodes `%40` in a path but mailbox keys are written as they are in its own URLs; both work, this is shorter to read in logs. */
function inPath(text: string): string {
  return encodeURIComponent(text).replaceAll('%40', '@');
}

async function forget(road: Road, location: string): Promise<void> {
  const headers = { 'Tus-Resumable': '1.0.0', 'X-Casier-Background': '1' };
  await road.fetch(location, { method: 'DELETE', headers, credentials: 'same-origin' }).catch(() => undefined);
}

/** What Cyrus adds to mail: messages that come back by themselves. */
export const CYRUS_MAIL = 'https://cyrusimap.org/ns/jmap/mail';

/** From this size on a file goes in pieces, and a line that breaks costs one of them. */
const WHOLE_BYTES = 4 * 1024 * 1024;
const PIECE_BYTES = 2 * 1024 * 1024;
/** Long enough for the antivirus to read the largest attachment. */
const SCAN_MS = 120_000;

export class Jmap {
  private readonly road: Road;
  /** Those under way, so that whoever tries a file again goes on with it. */
  private readonly journeys = new WeakMap<Blob, Journey>();

  constructor(road: Road) {
    this.road = road;
  }

  async session(background: boolean): Promise<Session> {
    return readSession(await askJson<RawSession>(this.road, SESSION_PATH, { background }));
  }

  /** Send a batch as one request. Throws WireError when the request as a whole fails. */
  async send(batch: Batch, options: { readonly background: boolean; readonly signal?: AbortSignal }): Promise<Answers> {
    const answer = await askJson<{ readonly methodResponses: readonly Triple[] }>(this.road, SESSION_PATH, {
      method: 'POST',
      body: { using: [CORE, MAIL, ...batch.using], methodCalls: batch.calls },
      ...options,
    });
    return new Answers(answer.methodResponses);
  }

  /** Store a file's bytes; called again for the same file, on from where the line broke. Throws WireError, or an AbortError when the signal cancels. */
  async upload(account: AccountId, file: File, signal: AbortSignal, onProgress: OnProgress): Promise<Uploaded> {
    return file.size > WHOLE_BYTES ? this.uploadInPieces(account, file, signal, onProgress) : this.uploadWhole(account, file, signal, onProgress);
  }

  private async uploadInPieces(account: AccountId, file: File, signal: AbortSignal, onProgress: OnProgress): Promise<Uploaded> {
    const journey = this.journeys.get(file) ?? this.road.journey('/api/attachments', file, { bytes: PIECE_BYTES });
    this.journeys.set(file, journey);
    const { location } = await journey.run(signal, onProgress);
    const asked = { method: 'POST', body: { accountId: account, type: file.type }, signal, patience: SCAN_MS } as const;
    const stored = await askJson<Uploaded>(this.road, `${location}/blob`, asked);
    this.journeys.delete(file);
    // The store has it. Where this fails, the platform forgets what came after a day.
    void forget(this.road, location);
    return stored;
  }

  private async uploadWhole(account: AccountId, file: Blob, signal: AbortSignal, onProgress: (sent: number) => void): Promise<Uploaded> {
    const path = `/jmap/upload/${inPath(account)}/`;
    try {
      const answer = await this.road.upload(path, file, { type: file.type, signal, onProgress });
      if (answer.status < 200 || answer.status > 299) {
        throw new WireError(problemOfAnswer(answer.status, answer.body, answer.header));
      }
      return JSON.parse(answer.body) as Uploaded;
    } catch (caught) {
      throw caught instanceof TypeError ? new WireError({ kind: 'offline' }) : caught;
    }
  }

  /** The bytes of a part, its transfer encoding taken off. Throws WireError. */
  async bytes(account: AccountId, blob: BlobId): Promise<ArrayBuffer> {
    return askBytes(this.road, Jmap.downloadUrl(account, blob, 'texte', 'application/octet-stream'));
  }

  /** Where the bytes of a blob are. The type is only a wish: the answer carries a policy under which nothing runs. */
  static downloadUrl(account: AccountId, blob: BlobId, name: string, type: string): string {
    return `/jmap/download/${inPath(account)}/${inPath(blob)}/${encodeURIComponent(name)}?accept=${encodeURIComponent(type)}`;
  }
}
