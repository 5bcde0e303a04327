import { useEffect, useSyncExternalStore } from 'react';

import type { Services } from '../../commands/types.ts';
import type { Me } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { Api, type ApiSend } from '../../wire/api.ts';

/** Messages that wait for their time, and those of them that came back. */
class Sends {
  rows: readonly ApiSend[] = [];
  private asked = -1;
  private readonly api: Api;
  private readonly listeners = new Set<() => void>();

  constructor(services: Services) {
    this.api = new Api(services.road);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Once for each state of things, whoever asks. */
  async look(state: number): Promise<void> {
    if (state === this.asked) return;
    this.asked = state;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    try {
      this.rows = (await this.api.sends()).filter(({ scheduled, state }) => scheduled && state !== 'sent');
      for (const listener of this.listeners) listener();
    } catch {
      // What is shown stays; the next change asks again.
      this.asked = -1;
    }
  }

  /** False when it could not be done: it has left, or the network is away. */
  async change(act: (api: Api) => Promise<void>): Promise<boolean> {
    try {
      await act(this.api);
      return true;
    } catch {
      return false;
    } finally {
      await this.refresh();
    }
  }
}

const known = new WeakMap<Services, Sends>();

export function useSends(me: Me): Sends {
  const { services } = useClient();
  let sends = known.get(services);
  if (sends === undefined) {
    sends = new Sends(services);
    known.set(services, sends);
  }
  const found = sends;
  const wanted = me.waiting + me.schedule > 0;
  useEffect(() => {
    if (wanted) void found.look(me.schedule);
  }, [found, wanted, me.schedule]);
  useSyncExternalStore(found.subscribe, () => found.rows);
  return found;
}
