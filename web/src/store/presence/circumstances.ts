import type { Road } from '../../wire/road.ts';
import type { LocalCopy, Who } from './local-copy.ts';

/** What the store needs of the world it is in. */
export interface Circumstances {
  readonly road: Road;
  /**
   * What this device keeps of somebody's mail; with null, of whoever is at another page of this browser. Null: nothing
   * is kept here, or nobody can say whose. Throws WireError when that may be otherwise later.
   */
  readonly openCopy: (who: Who | null, tell: { readonly changed: () => void; readonly ended: () => void }) => Promise<LocalCopy | null>;
  /** Nothing is left in sight or on its way to the disk: the page may go. The reason is the platform's. */
  readonly locked: (reason: string | null) => void;
  readonly newId: () => string;
  readonly now: () => number;
  readonly chance: () => number;
  /** Remembers which folder to ask for first, across visits. Nothing personal: it isn't encrypted. */
  readonly memory: { get(name: string): string | null; set(name: string, value: string): void };
}
