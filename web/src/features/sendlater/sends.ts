import { useEffect, useSyncExternalStore } from 'react';

import type { Services } from '../../commands/types.ts';
import type { Me, Problem } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { Api, type ApiSend } from '../../wire/api.ts';
import { problemOf } from '../../wire/problems.ts';

/** Messages that wait for their time, and those of them that came back. */
class Sends {
  rows: readonly ApiSend[] = [];
  /** Why the last change came to nothing, or what waits isn't known. */
  problem: Problem | null = null;
  /** Another number after whatever changed here. */
  state = 0;
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
      await this.read();
      this.tell(null);
    } catch (caught) {
      // What is shown stays; the next change asks again.
      this.asked = -1;
      this.tell(problemOf(caught));
    }
  }

  /** False when it could not be done: it has left, or the network is away; `problem` says which. */
  async change(act: (api: Api) => Promise<void>): Promise<boolean> {
    this.tell(null);
    try {
      await act(this.api);
      await this.refresh();
      return true;
    } catch (caught) {
      await this.read().catch(() => undefined);
      this.tell(problemOf(caught));
      return false;
    }
  }

  private async read(): Promise<void> {
    this.rows = (await this.api.sends()).filter(({ scheduled, state }) => scheduled && state !== 'sent');
  }

  tell(problem: Problem | null): void {
    this.problem = problem;
    this.state += 1;
    for (const listener of this.listeners) listener();
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
  useSyncExternalStore(found.subscribe, () => found.state);
  return found;
}
