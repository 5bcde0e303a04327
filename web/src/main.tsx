import { createRoot } from 'react-dom/client';

import { CommandRunner } from './commands/run.ts';
import { App } from './screens/app.tsx';
import { MailStore } from './store/mail.ts';
import { openShelf } from './store/shelf.ts';
import { browserRoad } from './wire/road.ts';
import { signOut } from './wire/sign-out.ts';

/** A browser may forbid storage: then nothing is remembered, and all else works. */
const memory = {
  get(name: string): string | null {
    try {
      return localStorage.getItem(`casier:${name}`);
    } catch {
      return null;
    }
  },
  set(name: string, value: string): void {
    try {
      localStorage.setItem(`casier:${name}`, value);
    } catch {
      // Asked for again at the next visit.
    }
  },
};

const store = new MailStore({
  road: browserRoad,
  openShelf,
  newId: () => crypto.randomUUID(),
  now: () => Date.now(),
  chance: () => Math.random(),
  memory,
});
const commands = new CommandRunner({ store, road: browserRoad, now: () => new Date(), signOut });

const services = { road: browserRoad, jmap: store.jmap, live: store.live, now: () => new Date() };

window.addEventListener('online', () => store.networkChanged(true));
window.addEventListener('offline', () => store.networkChanged(false));
window.addEventListener('pagehide', () => store.leave());

void store.start();
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App client={{ store, commands, services }} />);
