import { CommandRunner } from '../commands/run.ts';
import type { Services } from '../commands/types.ts';
import { MailStore } from '../store/mail.ts';
import { MemoryShelf, type Shelf } from '../store/shelf.ts';
import type { Road } from '../wire/road.ts';
import { MockServer } from './server.ts';

export interface MockClient {
  readonly server: MockServer;
  readonly store: MailStore;
  readonly commands: CommandRunner;
  readonly services: Services;
  readonly shelf: Shelf;
  /** How often the session was ended. */
  readonly signedOut: () => number;
  /** The tab is closed: what it was doing ends, and nothing it sends arrives any more. */
  close(): void;
}

/** The server's road for one tab, which ends with the tab. */
function tabRoad(road: Road): { readonly road: Road; readonly cut: () => void } {
  let open = true;
  const never = new Promise<never>(() => undefined);
  return {
    road: {
      fetch: (path, init) => (open ? road.fetch(path, init) : never),
      upload: (path, body, options) => (open ? road.upload(path, body, options) : never),
      journey: (path, file, pieces) => {
        const journey = road.journey(path, file, pieces);
        return { run: (signal, onProgress) => (open ? journey.run(signal, onProgress) : never) };
      },
      events: road.events,
    },
    cut: () => {
      open = false;
    },
  };
}

let clients = 0;

/** A whole client on a server in memory: `await client.store.start()` signs in. */
export function mockClient(server = new MockServer(), shelf: Shelf = new MemoryShelf()): MockClient {
  clients += 1;
  const tab = clients;
  let ids = 0;
  const remembered = new Map<string, string>();
  let signedOut = 0;
  const { road, cut } = tabRoad(server.road);
  const store = new MailStore({
    road,
    openShelf: () => Promise.resolve(shelf),
    newId: () => {
      ids += 1;
      return `t${tab}-${ids}`;
    },
    now: () => Date.now(),
    chance: () => 0,
    memory: { get: (name) => remembered.get(name) ?? null, set: (name, value) => void remembered.set(name, value) },
  });
  const signOut = () => {
    signedOut += 1;
    return Promise.resolve();
  };
  const commands = new CommandRunner({ store, road, now: () => new Date('2026-11-24T13:05:00Z'), signOut });
  const close = () => {
    store.leave();
    store.stop();
    cut();
  };
  const services = { road, jmap: store.jmap, live: store.live, now: () => new Date('2026-11-24T13:05:00Z') };
  return { server, store, commands, services, shelf, signedOut: () => signedOut, close };
}

/** Wait until something holds, with its name for the day it doesn't. */
export async function until(what: string, holds: () => boolean, patience = 3_000): Promise<void> {
  const end = Date.now() + patience;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
