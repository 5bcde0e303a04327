// The service worker: one for the whole site, beside every open page of it and after the last is closed.
import { BUILD } from './build.ts';
import { clearWhenLeft } from './leaving.ts';
import { holdKeys } from './lending.ts';
import { listenToPush } from './push.ts';
import { listenToRenewals } from './renewing.ts';
import { keepShell } from './shell.ts';

declare const self: ServiceWorkerGlobalScope;

// A new one takes over at once: it shares nothing with the pages that an old one could have promised them.
self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

listenToPush(self);
listenToRenewals(self);
keepShell(self, BUILD);
holdKeys(self);
clearWhenLeft(self);
