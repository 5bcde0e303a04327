import { createRoot } from 'react-dom/client';

import { CommandRunner } from './commands/run.ts';
import { App } from './screens/app.tsx';
import { MailStore, UNREACHABLE } from './store/mail.ts';
import { browserRoad } from './wire/road.ts';

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

const newId = () => crypto.randomUUID();
const now = () => Date.now();

/** A sign-out that couldn't be told to the platform; whoever comes from the sign-in page has signed in since. */
const leaving = memory.get('leaving') !== null && !document.referrer.includes('/connexion/');

/** Another page begins with an empty memory. That an account is suspended is read here. */
function locked(reason: string | null): void {
  if (leaving || reason?.includes('suspended') === true) return;
  if (reason !== UNREACHABLE) location.replace(`/connexion/?suite=${encodeURIComponent(location.pathname)}`);
  else if ('serviceWorker' in navigator && navigator.serviceWorker.controller !== null) location.reload();
}

const store = new MailStore({
  road: browserRoad,
  // After the first screen: nothing on it waits for what lies here.
  openCopy: async (who, tell) => (await import('./store/copy/open.ts')).openCopy({ road: browserRoad, newId, now, ...tell }, who),
  locked,
  newId,
  now,
  chance: () => Math.random(),
  memory,
});
const commands = new CommandRunner({ store, road: browserRoad, now: () => new Date() });

const services = { road: browserRoad, jmap: store.jmap, live: store.live, now: () => new Date() };

window.addEventListener('online', () => store.networkChanged(true));
window.addEventListener('offline', () => store.networkChanged(false));
window.addEventListener('pagehide', () => store.leave());

// A sign-out that couldn't be told to the platform is told first: nothing is shown to whoever sits here now.
if (!leaving) void store.start();
else {
  store.end(null);
  void import('./features/offline/departing.ts').then(({ finishDeparting }) => finishDeparting());
}
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App client={{ store, commands, services }} />);
