import { CommandRunner } from '../commands/run.ts';
import type { Services } from '../commands/types.ts';
import { openCopy } from '../store/copy/open.ts';
import type { LocalCopy, Who } from '../store/presence/local-copy.ts';
import { MailStore } from '../store/mail.ts';
import { MemoryShelf, type Shelf } from '../store/sync/shelf.ts';
import type { Road } from '../wire/road.ts';
import { MockServer } from './server.ts';

export interface MockClient {
  readonly server: MockServer;
  readonly store: MailStore;
  readonly commands: CommandRunner;
  readonly services: Services;
  readonly shelf: Shelf;
  readonly remembered: ReadonlyMap<string, string>;
  /** How often nothing was left in sight. */
  readonly locked: () => number;
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

/** A device that keeps what waits, and nothing else. */
export function plainCopy(who: Who, shelf: Shelf): LocalCopy {
  return {
    who, shelf, full: false,
    opened: () => undefined,
    listed: () => undefined,
    findConversation: () => Promise.resolve(false),
    findList: () => Promise.resolve(false),
    findFolders: () => Promise.resolve(false),
    keep: () => undefined,
    find: () => Promise.resolve(undefined),
    survey: () => Promise.resolve({ bytes: 0, days: 30 }),
    forgetMail: () => Promise.resolve(),
    active: () => undefined,
    lastActive: () => 0,
    close: () => Promise.resolve(),
    wipe: () => Promise.resolve(),
  };
}

export interface Device {
  /** With the copy that a browser keeps, on IndexedDB. */
  readonly onDisk?: boolean;
}

let clients = 0;

/** A whole client on a server in memory: `await client.store.start()` signs in. */
export function mockClient(server = new MockServer(), shelf: Shelf = new MemoryShelf(), { onDisk = false }: Device = {}): MockClient {
  clients += 1;
  const tab = clients;
  let ids = 0;
  const remembered = new Map<string, string>();
  let locked = 0;
  const { road, cut } = tabRoad(server.road);
  const store = new MailStore({
    road,
    openCopy: (who, tell) => {
      if (onDisk) return openCopy({ road, newId: () => crypto.randomUUID(), now: () => Date.now(), ...tell }, who);
      return Promise.resolve(who === null ? null : plainCopy(who, shelf));
    },
    locked: () => {
      locked += 1;
    },
    newId: () => {
      ids += 1;
      return `t${tab}-${ids}`;
    },
    now: () => Date.now(),
    chance: () => 0,
    memory: { get: (name) => remembered.get(name) ?? null, set: (name, value) => void remembered.set(name, value) },
  });
  const commands = new CommandRunner({ store, road, now: () => new Date('2026-11-24T13:05:00Z') });
  const close = () => {
    store.leave();
    store.stop();
    cut();
  };
  const services = { road, jmap: store.jmap, live: store.live, now: () => new Date('2026-11-24T13:05:00Z') };
  return { server, store, commands, services, shelf, remembered, locked: () => locked, close };
}

/** Wait until something holds, with its name for the day it doesn't. */
export async function until(what: string, holds: () => boolean, patience = 3_000): Promise<void> {
  const end = Date.now() + patience;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
