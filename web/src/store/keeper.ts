import type { Shelf, ShelfName } from './shelf.ts';

const LOCK = 'casier-tab:';

/** The tabs of this browser that are open; null when the browser can't tell. */
async function openTabs(): Promise<ReadonlySet<string> | null> {
  if (!('locks' in navigator)) return null;
  const { held } = await navigator.locks.query();
  return new Set((held ?? []).flatMap(({ name }) => (name?.startsWith(LOCK) === true ? [name.slice(LOCK.length)] : [])));
}

/** Held until the tab closes or dies, so that others see which tabs live. The answer gives it back. */
function holdLock(tab: string): () => void {
  if (!('locks' in navigator)) return () => undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  void navigator.locks.request(`${LOCK}${tab}`, () => promise);
  return () => resolve(undefined);
}

/** One tab's things on the shelf. A tab that died leaves them to the next one that opens. */
export class Keeper {
  private readonly shelf: Shelf;
  private readonly tab: string;
  /** This tab has ended: others may take over what it leaves. */
  readonly release: () => void;

  constructor(shelf: Shelf, tab: string) {
    this.shelf = shelf;
    this.tab = tab;
    this.release = holdLock(tab);
  }

  put(shelf: ShelfName, key: string, value: unknown): void {
    this.shelf.put(shelf, `${this.tab}:${key}`, value);
  }

  remove(shelf: ShelfName, key: string): void {
    this.shelf.remove(shelf, `${this.tab}:${key}`);
  }

  /** What this tab takes over from tabs that are gone, in the order it was put there. */
  async claim(shelf: ShelfName): Promise<readonly unknown[]> {
    const [alive, things] = await Promise.all([openTabs(), this.shelf.all(shelf)]);
    const claimed: unknown[] = [];
    for (const [key, value] of things) {
      const split = key.indexOf(':');
      const tab = key.slice(0, split);
      if (tab !== this.tab && alive?.has(tab) === true) continue;
      if (tab !== this.tab) {
        this.shelf.remove(shelf, key);
        this.put(shelf, key.slice(split + 1), value);
      }
      claimed.push(value);
    }
    return claimed;
  }
}
