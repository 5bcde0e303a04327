/** What must outlive a closed tab: changes under way, drafts, messages on their way out. */
export type ShelfName = 'changes' | 'drafts' | 'outgoing';

export interface Shelf {
  put(shelf: ShelfName, key: string, value: unknown): void;
  remove(shelf: ShelfName, key: string): void;
  all(shelf: ShelfName): Promise<readonly (readonly [key: string, value: unknown])[]>;
}

const SHELVES: readonly ShelfName[] = ['changes', 'drafts', 'outgoing'];

/** Keeps nothing: for a machine that several people use, or a browser that forbids storage. */
export class MemoryShelf implements Shelf {
  private readonly things = new Map<string, unknown>();

  put(shelf: ShelfName, key: string, value: unknown): void {
    this.things.set(`${shelf}/${key}`, structuredClone(value));
  }

  remove(shelf: ShelfName, key: string): void {
    this.things.delete(`${shelf}/${key}`);
  }

  all(shelf: ShelfName): Promise<readonly (readonly [string, unknown])[]> {
    const start = `${shelf}/`;
    return Promise.resolve([...this.things].filter(([key]) => key.startsWith(start)).map(([key, value]) => [key.slice(start.length), value]));
  }
}

function done(request: IDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('storage'));
  });
}

/** On disk, one database a person. A write that fails is lost quietly: the same thing is in memory and on its way to the server. */
export class DiskShelf implements Shelf {
  private readonly database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.database = database;
  }

  static async open(person: string): Promise<DiskShelf> {
    const request = indexedDB.open(`casier:${person}`, 1);
    request.onupgradeneeded = () => {
      for (const shelf of SHELVES) request.result.createObjectStore(shelf);
    };
    await done(request);
    return new DiskShelf(request.result);
  }

  put(shelf: ShelfName, key: string, value: unknown): void {
    this.database.transaction(shelf, 'readwrite').objectStore(shelf).put(value, key);
  }

  remove(shelf: ShelfName, key: string): void {
    this.database.transaction(shelf, 'readwrite').objectStore(shelf).delete(key);
  }

  async all(shelf: ShelfName): Promise<readonly (readonly [string, unknown])[]> {
    const store = this.database.transaction(shelf).objectStore(shelf);
    const [keys, values] = [store.getAllKeys(), store.getAll()];
    await done(values);
    return keys.result.map((key, index) => [key as string, values.result[index] as unknown]);
  }

  close(): void {
    this.database.close();
  }
}

/** The disk when the browser lets us, else memory. */
export async function openShelf(person: string): Promise<Shelf> {
  try {
    return await DiskShelf.open(person);
  } catch {
    return new MemoryShelf();
  }
}
