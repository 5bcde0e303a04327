import { passes, type Problem } from '../../wire/problems.ts';
import type { Connection } from '../types.ts';

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

export interface LinkSurroundings {
  readonly now: () => number;
  readonly chance: () => number;
  readonly changed: () => void;
  /** Time to try again. */
  readonly retry: () => void;
  readonly signedOut: () => void;
}

/** Whether the platform answers, from what each request met; and when to try again while it doesn't. */
export class Link {
  private readonly around: LinkSurroundings;
  private state: Connection = { kind: 'connecting' };
  private retries = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private stopped = false;

  constructor(around: LinkSurroundings) {
    this.around = around;
  }

  get connection(): Connection {
    return this.state;
  }

  /** A request went well (null), or why it didn't. */
  heard(problem: Problem | null): void {
    if (this.state.kind === 'signed-out') return;
    if (problem === null) this.well();
    else if (problem.kind === 'signed-out') {
      this.stop();
      this.become(problem);
      this.around.signedOut();
    } else if (passes(problem)) {
      if (this.state.kind !== 'offline') this.become({ kind: 'offline', since: this.around.now(), problem });
      this.retryLater();
    }
  }

  private well(): void {
    this.retries = 0;
    if (this.state.kind !== 'online') this.become({ kind: 'online' });
  }

  private become(state: Connection): void {
    this.state = state;
    this.around.changed();
  }

  /** Try again by and by, each time a little later. */
  retryLater(): void {
    if (this.timer !== null || this.stopped) return;
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.retries) * (0.5 + this.around.chance() / 2);
    this.retries += 1;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.around.retry();
    }, wait);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
