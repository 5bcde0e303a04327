import type { Shelf, ShelfName } from '../sync/shelf.ts';
import type { Database } from './database.ts';
import { type Keys, seal, unseal } from './seal.ts';

export interface ShelfSurroundings {
  readonly database: Database;
  readonly keys: Keys;
  /** Called when the disk takes no more; true when room was made. */
  readonly makeRoom: () => Promise<boolean>;
  readonly full: (full: boolean) => void;
}

/** On disk, encrypted. One thing is written after the other, so that the newest of each stays. */
export class SealedShelf implements Shelf {
  private readonly around: ShelfSurroundings;
  private tail: Promise<void> = Promise.resolve();

  constructor(around: ShelfSurroundings) {
    this.around = around;
  }

  put(shelf: ShelfName, key: string, value: unknown): void {
    // As it is now: the caller may go on changing it.
    const text = structuredClone(value);
    this.next(async () => {
      const data = await seal(this.around.keys, `${shelf}/${key}`, text);
      const write = () => this.write(shelf, (store) => store.put(data, key));
      try {
        await write();
        this.around.full(false);
      } catch {
        if (await this.around.makeRoom()) await write();
        else this.around.full(true);
      }
    });
  }

  remove(shelf: ShelfName, key: string): void {
    this.next(() => this.write(shelf, (store) => store.delete(key)));
  }

  /** The disk has it when this resolves, not only the system's memory: a laptop may lose its power. */
  private async write(shelf: ShelfName, work: (store: { put: (value: Uint8Array<ArrayBuffer>, key: string) => Promise<unknown>; delete: (key: string) => Promise<unknown> }) => Promise<unknown>): Promise<void> {
    const transaction = this.around.database.transaction(shelf, 'readwrite', { durability: 'strict' });
    await Promise.all([work(transaction.store), transaction.done]);
  }

  private next(work: () => Promise<void>): void {
    // What can't be written is still in memory and on its way to the server; `full` tells the person.
    this.tail = this.tail.then(work).catch(() => this.around.full(true));
  }

  async all(shelf: ShelfName): Promise<readonly (readonly [string, unknown])[]> {
    await this.tail;
    const { store } = this.around.database.transaction(shelf);
    const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
    const opened = await Promise.all(values.map((value, at) => unseal(this.around.keys, `${shelf}/${keys[at] ?? ''}`, value)));
    return keys.flatMap((key, at) => (opened[at] === undefined ? [] : [[key, opened[at]] as const]));
  }

  settled(): Promise<void> {
    return this.tail;
  }
}
