/** Colours are found beside the page: patterns of languages take long on texts made for it, and a worker can be ended. */

import { coloured } from './colours.ts';

export interface ToColour {
  readonly text: string;
  readonly ending: string;
}

self.addEventListener('message', (event: MessageEvent<ToColour>) => {
  self.postMessage(coloured(event.data.text, event.data.ending));
});
