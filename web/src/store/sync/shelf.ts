/** What must outlive a closed tab: changes under way, drafts, messages on their way out. */
export type ShelfName = 'changes' | 'drafts' | 'outgoing';

export const SHELVES: readonly ShelfName[] = ['changes', 'drafts', 'outgoing'];

export interface Shelf {
  put(shelf: ShelfName, key: string, value: unknown): void;
  remove(shelf: ShelfName, key: string): void;
  all(shelf: ShelfName): Promise<readonly (readonly [key: string, value: unknown])[]>;
  /** Resolves when all that was put and removed so far lies there, or is known not to. */
  settled(): Promise<void>;
}

/** Keeps nothing beyond the tab: on a shared computer, in a browser that forbids storage, and before the key is here. */
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

  settled(): Promise<void> {
    return Promise.resolve();
  }
}
