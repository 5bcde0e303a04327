import type { Problem } from '../wire/problems.ts';
import type { NewChange } from './sync/changes.ts';
import type { Notice, UndoOffer } from './types.ts';

export interface Undoable {
  readonly offer: UndoOffer;
  readonly inverse: readonly NewChange[];
}

const UNDO_AT_MOST = 20;
const NOTICES_AT_MOST = 5;

/** What the person is told beside their mail: what can be undone, and what went wrong by itself. */
export class Messages {
  private readonly changed: () => void;
  private undoable: readonly Undoable[] = [];
  /** How often something was taken back. */
  undone = 0;
  private numbers = 0;
  offered: UndoOffer | null = null;
  notices: readonly Notice[] = [];

  constructor(changed: () => void) {
    this.changed = changed;
  }

  private number(): number {
    this.numbers += 1;
    return this.numbers;
  }

  offerUndo(offer: Omit<UndoOffer, 'id'>, inverse: readonly NewChange[]): void {
    const undoable = { offer: { ...offer, id: this.number() }, inverse };
    this.undoable = [...this.undoable, undoable].slice(-UNDO_AT_MOST);
    this.offered = undoable.offer;
    this.changed();
  }

  /** Take the newest undoable off the stack. */
  takeUndo(): Undoable | null {
    const last = this.undoable.at(-1) ?? null;
    this.undoable = this.undoable.slice(0, -1);
    this.offered = null;
    if (last !== null) this.undone += 1;
    this.changed();
    return last;
  }

  canUndo(): boolean {
    return this.undoable.length > 0;
  }

  leave(): void {
    [this.undoable, this.offered, this.notices] = [[], null, []];
  }

  dismissUndo(): void {
    this.offered = null;
    this.changed();
  }

  note(kind: Notice['kind'], problem: Problem): void {
    this.notices = [...this.notices, { id: this.number(), kind, problem }].slice(-NOTICES_AT_MOST);
    this.changed();
  }

  dismissNotice(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
    this.changed();
  }
}
