import type { Database } from './database.ts';
import { hidden, type Keys, seal, unseal } from './seal.ts';

/** All mail on this device, in bytes; what was looked at longest ago makes room. */
export const MOST_BYTES = 80_000_000;
/** One piece: a conversation of many long messages isn't worth the room of a hundred others. */
const LARGEST = 4_000_000;
/** So many pieces are put between two looks at how much there is. */
const LOOK_EVERY = 40;
const DAY_MS = 86_400_000;

export interface PiecesSurroundings {
  readonly database: Database;
  readonly keys: Keys;
  readonly now: () => number;
  readonly days: number;
  readonly full: (full: boolean) => void;
}

/** Pieces of mail on disk: sealed, under names that tell nothing, the oldest dropped. */
export class Pieces {
  private readonly around: PiecesSurroundings;
  private puts = 0;

  constructor(around: PiecesSurroundings) {
    this.around = around;
  }

  /** Keep a piece. What doesn't fit is left out quietly: the server has it. */
  async put(name: string, value: unknown): Promise<void> {
    const { database, keys, now } = this.around;
    const key = await hidden(keys, name);
    const data = await seal(keys, key, value);
    if (data.byteLength > LARGEST) return;
    const piece = { at: now(), size: data.byteLength, data };
    try {
      await database.put('mail', piece, key);
    } catch {
      if (await this.makeRoom()) await database.put('mail', piece, key).catch(() => this.around.full(true));
      else this.around.full(true);
    }
    this.puts += 1;
    if (this.puts % LOOK_EVERY === 0) await this.trim(MOST_BYTES);
  }

  /** Undefined when it isn't here, or can't be opened. */
  async get(name: string): Promise<unknown> {
    const { database, keys } = this.around;
    const key = await hidden(keys, name);
    const piece = await database.get('mail', key);
    return piece === undefined ? undefined : unseal(keys, key, piece.data);
  }

  /** Drop what is too old, and the oldest of what is beyond MOST bytes. How many bytes were dropped. */
  async trim(most: number): Promise<number> {
    const { database, now, days } = this.around;
    const transaction = database.transaction('mail', 'readwrite');
    let [kept, dropped] = [0, 0];
    // The newest first, by the index alone: nothing is read whole.
    let cursor = await transaction.store.index('age').openKeyCursor(null, 'prev');
    while (cursor !== null) {
      const [at, size] = cursor.key;
      if (kept + size > most || at < now() - days * DAY_MS) {
        dropped += size;
        await transaction.store.delete(cursor.primaryKey);
      } else kept += size;
      cursor = await cursor.continue();
    }
    await transaction.done;
    return dropped;
  }

  /** The disk is full: half of the mail goes. False when there was nothing to drop. */
  async makeRoom(): Promise<boolean> {
    try {
      return (await this.trim((await this.measure()) / 2)) > 0;
    } catch {
      return false;
    }
  }

  /** Bytes on disk. */
  async measure(): Promise<number> {
    let bytes = 0;
    let cursor = await this.around.database.transaction('mail').store.index('age').openKeyCursor();
    while (cursor !== null) {
      bytes += cursor.key[1];
      cursor = await cursor.continue();
    }
    return bytes;
  }
}
