import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';

import type { Plugin } from 'vite';

/** Woff2 and PNG are compressed already; a small file gains nothing. */
const COMPRESSIBLE = /\.(?:html|m?js|css|svg|json|webmanifest|txt)$/;
const SMALLEST = 512;

/** Write `x.js.gz` beside each `x.js`, so that nginx (`gzip_static`) never compresses the same file twice. */
export function compressedTwins(): Plugin {
  let folder = '';
  return {
    name: 'casier-compressed-twins',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      if (!existsSync(folder)) return; // the build failed and says why itself
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = readFileSync(path);
        if (bytes.length < SMALLEST) continue;
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
      }
    },
  };
}
