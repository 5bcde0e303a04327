/** The browser's offer to install the page (Chromium); it can be shown once, after a press. */
export interface InstallOffer extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}

/** With which address the page was opened: where one is takes its place before anything lazy is here. */
export const OPENED = typeof location === 'undefined' ? '' : location.search;

let offer: InstallOffer | null = null;

/** Kept from the beginning: it comes when the browser likes. */
export function keepOffer(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offer = event as InstallOffer;
  });
  addEventListener('appinstalled', () => {
    offer = null;
  });
}

export function installOffer(): InstallOffer | null {
  return offer;
}

/** Shown once, it is worth nothing more. */
export function spendOffer(): void {
  offer = null;
}
