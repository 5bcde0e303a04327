import type { AccountId } from './ids.ts';
import type { EventStream, Road } from './road.ts';

/** What `/events` tells. `broken`: the stream ended; it comes back by itself. */
export type LiveEvent =
  | { readonly kind: 'ready' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'changed'; readonly account: AccountId; readonly types: readonly string[] }
  | { readonly kind: 'send'; readonly id: string; readonly state: string }
  | { readonly kind: 'signed-out'; readonly reason: string | null };

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** What the stream's own listeners hear, and pass on. */
const OWN: ReadonlySet<string> = new Set(['ready', 'changed']);

function fields(data: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(data);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

/** Wait longer after each failure, so that ten thousand clients don't knock at once when a server is back. */
export function waitBefore(attempt: number, chance: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return longest / 2 + (longest / 2) * chance;
}

/** The stream of events, opened again whenever it breaks. */
export class Live {
  private readonly road: Road;
  private readonly tell: (event: LiveEvent) => void;
  private readonly chance: () => number;
  private readonly others = new Map<string, Set<() => void>>();
  private stream: EventStream | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private attempt = 0;
  private stopped = true;

  constructor(road: Road, tell: (event: LiveEvent) => void, chance: () => number = Math.random) {
    this.road = road;
    this.tell = tell;
    this.chance = chance;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.open();
  }

  /**
   * Events of single capabilities, which hold nothing but that there is something to ask for; `ready` comes with
   * each stream, `changed` when mail did. Returns how to stop hearing.
   */
  hear(name: string, listener: () => void): () => void {
    const known = this.others.get(name);
    const listeners = known ?? new Set();
    listeners.add(listener);
    this.others.set(name, listeners);
    if (known === undefined && !OWN.has(name) && this.stream !== null) this.follow(this.stream, name);
    return () => listeners.delete(listener);
  }

  private follow(stream: EventStream, name: string): void {
    stream.on(name, () => this.say(name));
  }

  private say(name: string): void {
    for (const listener of this.others.get(name) ?? []) listener();
  }

  stop(): void {
    this.stopped = true;
    this.stream?.close();
    this.stream = null;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** Try now instead of at the end of the wait: the network is said to be back. */
  hurry(): void {
    if (this.stopped || this.timer === null) return;
    clearTimeout(this.timer);
    this.attempt = 0;
    this.open();
  }

  private open(): void {
    this.timer = null;
    const stream = this.road.events('/events');
    this.stream = stream;
    stream.on('ready', () => {
      this.attempt = 0;
      this.tell({ kind: 'ready' });
      this.say('ready');
    });
    for (const name of this.others.keys()) if (!OWN.has(name)) this.follow(stream, name);
    stream.on('changed', (data) => this.changed(data));
    stream.on('send', (data) => {
      const { id, state } = fields(data);
      if (typeof id === 'string' && typeof state === 'string') this.tell({ kind: 'send', id, state });
    });
    stream.on('signed-out', (data) => {
      const { reason } = fields(data);
      this.stop();
      this.tell({ kind: 'signed-out', reason: typeof reason === 'string' ? reason : null });
    });
    stream.onerror = () => this.broke();
  }

  private changed(data: string): void {
    const { account, types } = fields(data);
    if (typeof account !== 'string') return;
    const names = Array.isArray(types) ? types.filter((type) => typeof type === 'string') : [];
    this.tell({ kind: 'changed', account: account as AccountId, types: names });
    this.say('changed');
  }

  private broke(): void {
    this.stream = null;
    if (this.stopped) return;
    this.tell({ kind: 'broken' });
    this.timer = setTimeout(() => this.open(), waitBefore(this.attempt, this.chance()));
    this.attempt += 1;
  }
}
