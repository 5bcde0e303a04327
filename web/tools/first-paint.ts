import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Plugin } from 'vite';

const SOURCE = fileURLToPath(new URL('../src/first-paint.js', import.meta.url));

/** Put `src/first-paint.js` into the page as a script that the browser waits for: the page's policy allows none inside it. */
export function firstPaint(): Plugin {
  let building = false;
  return {
    name: 'casier-first-paint',
    configResolved({ command }) {
      building = command === 'build';
    },
    buildStart() {
      if (building) this.emitFile({ type: 'asset', name: 'first-paint.js', source: readFileSync(SOURCE, 'utf8') });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const file = Object.values(bundle ?? {}).find(({ type, fileName }) => type === 'asset' && /first-paint-[\w-]+\.js$/.test(fileName));
        const src = file === undefined ? '/courrier/src/first-paint.js' : `/courrier/${file.fileName}`;
        return [{ tag: 'script', attrs: { src }, injectTo: 'head' }];
      },
    },
  };
}
