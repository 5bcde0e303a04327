import { CHANNEL } from './channel.ts';
import type { Keys } from './seal.ts';

/** What a page of this browser that is open would have answered by then. */
const PATIENCE_MS = 400;
/** Others needn't hear of each key that is pressed. */
const ACTIVE_STEP_MS = 10_000;

/** A copy that is open elsewhere in this browser: its keys, never on disk. */
export interface Lent {
  readonly person: string;
  readonly days: number;
  readonly keys: Keys;
}

type Said =
  | { readonly kind: 'asks' }
  | ({ readonly kind: 'lends' } & Lent)
  | { readonly kind: 'here'; readonly person: string; readonly at: number }
  | { readonly kind: 'active'; readonly at: number }
  | { readonly kind: 'ended' };

/** The other pages of this browser, as far as they have to do with the same copy. */
export class Neighbours {
  private readonly channel: BroadcastChannel;
  private readonly lent: Lent;
  private readonly ended: () => void;
  lastActive: number;

  constructor(lent: Lent, now: number, ended: () => void) {
    this.lent = lent;
    this.lastActive = now;
    this.ended = ended;
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.onmessage = ({ data }: MessageEvent<Said>) => this.heard(data);
    this.say({ kind: 'here', person: lent.person, at: now });
  }

  private heard(said: Said): void {
    switch (said.kind) {
      case 'asks':
        this.say({ kind: 'lends', ...this.lent });
        break;
      case 'here':
        // Somebody else signed in: nothing of this person may stay in sight.
        if (said.person !== this.lent.person) this.ended();
        else this.lastActive = Math.max(this.lastActive, said.at);
        break;
      case 'active':
        this.lastActive = Math.max(this.lastActive, said.at);
        break;
      case 'ended':
        this.ended();
        break;
      case 'lends':
        break;
    }
  }

  private say(said: Said): void {
    this.channel.postMessage(said);
  }

  active(at: number): void {
    if (at - this.lastActive > ACTIVE_STEP_MS) this.say({ kind: 'active', at });
    this.lastActive = at;
  }

  /** The session is over, for every page. */
  end(): void {
    this.say({ kind: 'ended' });
  }

  stop(): void {
    this.channel.close();
  }
}

/** The keys of a page that is open, or of one that was left a moment ago; null when none is. */
export async function borrowed(): Promise<Lent | null> {
  return (await fromPage()) ?? (await fromWorker());
}

function fromPage(): Promise<Lent | null> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(CHANNEL);
    const done = (lent: Lent | null) => {
      clearTimeout(timer);
      channel.close();
      resolve(lent);
    };
    const timer = setTimeout(() => done(null), PATIENCE_MS);
    channel.onmessage = ({ data }: MessageEvent<Said>) => {
      if (data.kind === 'lends') done(data);
    };
    channel.postMessage({ kind: 'asks' } satisfies Said);
  });
}

function fromWorker(): Promise<Lent | null> {
  const worker = 'serviceWorker' in navigator ? navigator.serviceWorker.controller : null;
  if (worker === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(null), PATIENCE_MS);
    port1.onmessage = ({ data }: MessageEvent<Lent | null>) => {
      clearTimeout(timer);
      resolve(data);
    };
    worker.postMessage({ type: 'lend-keys' }, [port2]);
  });
}

/** This page goes away, perhaps to be loaded again without a network: the worker holds the keys in its memory meanwhile. */
export function handOver(lent: Lent | null): void {
  if ('serviceWorker' in navigator) navigator.serviceWorker.controller?.postMessage({ type: 'hold-keys', lent });
}
