import { ask, askJson } from '../../wire/http.ts';
import { problemOf } from '../../wire/problems.ts';
import type { Road } from '../../wire/road.ts';
import type { LocalCopy, Who } from '../presence/local-copy.ts';
import { copyId, type Database, emptied, openDatabase } from './database.ts';
import { DeviceCopy } from './device-copy.ts';
import { borrowed, handOver, type Lent, Neighbours } from './neighbours.ts';
import { Pieces } from './pieces.ts';
import { type Keys, keysFrom } from './seal.ts';

export interface Opening {
  readonly road: Road;
  readonly newId: () => string;
  readonly now: () => number;
  /** Something that is told of the copy is otherwise. */
  readonly changed: () => void;
  /** Another page of this browser says that the session is over, or that somebody else is here. */
  readonly ended: () => void;
}

interface ApiLent {
  readonly key: string;
  readonly days: number;
  /** Nothing that was written before can be read. */
  readonly new: boolean;
}

const PATH = '/api/offline/';
/** What a database that can't be opened says: another error is a fault of ours. */
const FORBIDDEN = new Set(['InvalidStateError', 'SecurityError', 'UnknownError', 'QuotaExceededError', 'NotFoundError', 'VersionError']);

/**
 * This device's copy of somebody's mail. With `who`, the platform lends its key; without, a page of this browser that
 * is open (or was, a moment ago) does. Null: nothing may be kept here, or nobody lends. Throws WireError when the
 * platform can't be asked now.
 */
export async function openCopy(around: Opening, who: Who | null): Promise<LocalCopy | null> {
  try {
    return who === null ? await again(around) : await first(around, who);
  } catch (caught) {
    if (caught instanceof DOMException && FORBIDDEN.has(caught.name)) return null;
    if (problemOf(caught).kind === 'forbidden') return null;
    throw caught;
  }
}

async function first(around: Opening, who: Who): Promise<LocalCopy | null> {
  if (who.me.sharedComputer || !('indexedDB' in globalThis) || !('subtle' in globalThis.crypto)) return null;
  const person = who.me.account.id;
  const database = await openDatabase(person, around.ended);
  try {
    const id = await copyId(database, around.newId);
    const lent = await askJson<ApiLent>(around.road, PATH + id, { method: 'PUT', body: {}, background: true });
    if (lent.new) await emptied(database, ['changes', 'drafts', 'outgoing', 'mail']);
    const keys = await keysFrom(lent.key);
    if (wasClosed(await whoIn(database, keys, around.now), who)) await emptied(database, ['mail']);
    return made(around, { who, database, id, lent: { person, days: lent.days, keys } });
  } catch (caught) {
    database.close();
    throw caught;
  }
}

/** Whether a mailbox of others was closed since: its mail mustn't stay on a device that was away. */
function wasClosed(before: Who | null, who: Who): boolean {
  const open = new Set(who.session.accounts.map(({ id }) => id));
  return before?.session.accounts.some(({ id }) => !open.has(id)) === true;
}

/** Without a network: as it was left. */
async function again(around: Opening): Promise<LocalCopy | null> {
  const lent = await borrowed();
  if (lent === null) return null;
  const database = await openDatabase(lent.person, around.ended);
  const who = await whoIn(database, lent.keys, around.now);
  if (who === null) {
    database.close();
    return null;
  }
  return made(around, { who, database, id: await copyId(database, around.newId), lent });
}

async function whoIn(database: Database, keys: Keys, now: () => number): Promise<Who | null> {
  const pieces = new Pieces({ database, keys, now, days: 0, full: () => undefined });
  return ((await pieces.get('who')) as Who | undefined) ?? null;
}

interface Parts {
  readonly who: Who;
  readonly database: Database;
  readonly id: string;
  readonly lent: Lent;
}

function made(around: Opening, { who, database, id, lent }: Parts): LocalCopy {
  const neighbours = new Neighbours(lent, around.now(), around.ended);
  const forgetKey = async () => {
    await ask(around.road, PATH + id, { method: 'DELETE', body: {} });
  };
  const holding = () => handOver(lent);
  addEventListener('pagehide', holding);
  const release = () => {
    removeEventListener('pagehide', holding);
    handOver(null);
  };
  return new DeviceCopy({ who, database, neighbours, forgetKey, release, days: lent.days, keys: lent.keys, now: around.now, changed: around.changed });
}
