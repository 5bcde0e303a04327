import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';

import { SHELVES } from '../sync/shelf.ts';

type Sealed = Uint8Array<ArrayBuffer>;

/** A piece of mail. When it was put there and how large it is stand outside the seal, to make room without opening anything. */
export interface Piece {
  readonly at: number;
  readonly size: number;
  readonly data: Sealed;
}

interface Schema extends DBSchema {
  /** Which copy this is: the platform keeps its key under that name. */
  facts: { key: string; value: string };
  changes: { key: string; value: Sealed };
  drafts: { key: string; value: Sealed };
  outgoing: { key: string; value: Sealed };
  mail: { key: string; value: Piece; indexes: { age: [number, number] } };
}

export type Database = IDBPDatabase<Schema>;

const VERSION = 2;

const PREFIX = 'casier:';

function nameOf(person: string): string {
  return PREFIX + person;
}

/** The database of one person in this browser; another page that wants it away gets it. */
export function openDatabase(person: string, gone: () => void): Promise<Database> {
  return openNamed(nameOf(person), gone);
}

async function openNamed(name: string, gone: () => void): Promise<Database> {
  const database: Database = await openDB<Schema>(name, VERSION, {
    upgrade(opened) {
      // The first version kept things as they are: nothing of it may stay.
      for (const store of [...opened.objectStoreNames]) opened.deleteObjectStore(store);
      for (const store of ['facts', ...SHELVES] as const) opened.createObjectStore(store);
      opened.createObjectStore('mail').createIndex('age', ['at', 'size']);
    },
    blocking() {
      database.close();
      gone();
    },
    terminated: gone,
  });
  return database;
}

/** Which copy lies here; made up when there is none yet. */
export async function copyId(database: Database, newId: () => string): Promise<string> {
  const transaction = database.transaction('facts', 'readwrite', { durability: 'strict' });
  let id = await transaction.store.get('copy');
  if (id === undefined) {
    id = newId();
    await transaction.store.put(id, 'copy');
  }
  await transaction.done;
  return id;
}

/** All that is sealed, away: its key is lost, or it isn't wanted any more. */
export async function emptied(database: Database, stores: readonly ('changes' | 'drafts' | 'outgoing' | 'mail')[]): Promise<void> {
  const transaction = database.transaction(stores, 'readwrite');
  await Promise.all(stores.map((store) => transaction.objectStore(store).clear()));
  await transaction.done;
}

export async function deleteDatabase(person: string): Promise<void> {
  await deleteDB(nameOf(person));
}

/**
 * Everybody's mail off this device, where no page has it open. A database in which nothing waits for the server goes as
 * a whole; true when none is left.
 */
export async function vacate(): Promise<boolean> {
  const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(PREFIX) === true ? [name] : []));
  const gone = await Promise.all(names.map(vacateOne));
  return gone.every(Boolean);
}

async function vacateOne(name: string): Promise<boolean> {
  const database = await openNamed(name, () => undefined);
  await emptied(database, ['mail']);
  const counts = await Promise.all(SHELVES.map((store) => database.count(store)));
  database.close();
  if (counts.some((count) => count > 0)) return false;
  await deleteDB(name);
  return true;
}
