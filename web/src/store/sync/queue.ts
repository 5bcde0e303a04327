import type { AccountId } from '../../wire/ids.ts';
import type { Problem } from '../../wire/problems.ts';
import type { Change, NewChange } from './changes.ts';
import type { Waiting } from './flush.ts';
import type { Keeper } from './keeper.ts';

/** Keys sort as the numbers do. */
function keyOf(id: number): string {
  return id.toString().padStart(16, '0');
}

/** The changes that wait for the server, in order, on disk too. */
export class Queue {
  private readonly keeper: Keeper;
  private readonly onChange: (account: AccountId) => void;
  private readonly onRefused: (change: Change, problem: Problem) => void;
  private changes: readonly Change[] = [];
  private next: number;

  /** `first` is higher in tabs that open later, so that what they leave stays in order. */
  constructor(keeper: Keeper, first: number, onChange: (account: AccountId) => void, onRefused: (change: Change, problem: Problem) => void) {
    this.keeper = keeper;
    this.next = first;
    this.onChange = onChange;
    this.onRefused = onRefused;
  }

  /** What an earlier tab left. */
  async restore(): Promise<void> {
    const left = (await this.keeper.claim('changes')) as Change[];
    this.changes = [...left, ...this.changes].sort((one, other) => one.id - other.id);
    this.next = Math.max(this.next, ...this.changes.map(({ id }) => id + 1));
    for (const account of this.accounts()) this.onChange(account);
  }

  /** Out of sight: what waits lies where it is kept. */
  leave(): void {
    this.changes = [];
  }

  add(change: NewChange): void {
    const queued: Change = { ...change, id: this.next };
    this.next += 1;
    this.changes = [...this.changes, queued];
    this.keeper.put('changes', keyOf(queued.id), queued);
    this.onChange(queued.account);
  }

  get length(): number {
    return this.changes.length;
  }

  of(account: AccountId): readonly Change[] {
    return this.changes.filter((change) => change.account === account);
  }

  accounts(): readonly AccountId[] {
    return [...new Set(this.changes.map(({ account }) => account))];
  }

  /** One account's part of the queue, as `flush` wants it. */
  waiting(account: AccountId): Waiting {
    return {
      changes: () => this.of(account),
      replace: (change, by) => this.replace(change, by),
      refused: (change, problem) => this.onRefused(change, problem),
    };
  }

  private replace(change: Change, by: Change | null): void {
    this.changes = this.changes.flatMap((each) => (each.id !== change.id ? [each] : by === null ? [] : [by]));
    if (by === null) this.keeper.remove('changes', keyOf(change.id));
    else this.keeper.put('changes', keyOf(change.id), by);
    this.onChange(change.account);
  }
}
