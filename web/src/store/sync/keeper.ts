import { type Shelf, type ShelfName, SHELVES } from './shelf.ts';

const LOCK = 'casier-tab:';
/** Two tabs that open together must not take over the same things. */
const CLAIMING = 'casier-claim';

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
  private shelf: Shelf;
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

  /** From now on things lie there; what was put before comes along. */
  async moveTo(shelf: Shelf): Promise<void> {
    const before = this.shelf;
    this.shelf = shelf;
    if (before === shelf) return;
    for (const name of SHELVES) for (const [key, value] of await before.all(name)) shelf.put(name, key, value);
  }

  /** What this tab takes over from tabs that are gone, in the order it was put there. */
  claim(shelf: ShelfName): Promise<readonly unknown[]> {
    const claim = () => this.claimNow(shelf);
    return 'locks' in navigator ? navigator.locks.request(CLAIMING, claim) : claim();
  }

  private async claimNow(shelf: ShelfName): Promise<readonly unknown[]> {
    const [alive, things] = await Promise.all([openTabs(), this.shelf.all(shelf)]);
    const claimed: unknown[] = [];
    for (const [key, value] of things) {
      const split = key.indexOf(':');
      const tab = key.slice(0, split);
      if (tab === this.tab || alive?.has(tab) === true) continue;
      this.put(shelf, key.slice(split + 1), value);
      this.shelf.remove(shelf, key);
      claimed.push(value);
    }
    await this.shelf.settled();
    return claimed;
  }
}
