import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { Plugin } from 'vite';

/** What pdf.js fetches while it draws: maps of characters, standard fonts, decoders without WebAssembly. */
const WANTED: readonly (readonly [string, RegExp])[] = [
  ['cmaps', /\.bcmap$/],
  ['standard_fonts', /\.(?:pfb|ttf)$/],
  ['wasm', /_nowasm_fallback\.js$/],
];

/** Put them beside our own files, in a folder of their version: nothing comes from elsewhere. */
export function pdfFiles(): Plugin {
  return {
    name: 'casier-pdf-files',
    apply: 'build',
    generateBundle() {
      const manifest = createRequire(import.meta.url).resolve('pdfjs-dist/package.json');
      const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
      for (const [folder, pattern] of WANTED) {
        const from = join(dirname(manifest), folder);
        for (const name of readdirSync(from).filter((one) => pattern.test(one))) {
          this.emitFile({ type: 'asset', fileName: `assets/pdfjs-${version}/${folder}/${name}`, source: readFileSync(join(from, name)) });
        }
      }
    },
  };
}
