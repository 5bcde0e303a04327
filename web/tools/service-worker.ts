import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build, type Plugin } from 'vite';

import type { Build } from '../src/worker/build.ts';

const SOURCE = fileURLToPath(new URL('../src/worker/main.ts', import.meta.url));
const FILE = 'service-worker.js';
const BASE = '/courrier/';
/** What a page in French or English never asks for, or only with a document in a rare script. */
const RARE = /latin-ext|\/pdfjs-[\d.]+\//;

interface Chunk {
  readonly file: string;
  readonly isEntry?: boolean;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly assets?: readonly string[];
}

/**
 * Build the service worker once everything else is there: one file of its own, since not every browser that can
 * notify takes modules here, holding the names of all other files. It changes whenever one of them does.
 */
export function serviceWorker(): Plugin {
  let folder = '';
  return {
    name: 'casier-service-worker',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir;
    },
    async writeBundle(_options, bundle) {
      const described = describe(folder, Object.keys(bundle));
      await build({
        configFile: false,
        publicDir: false,
        logLevel: 'warn',
        define: { __CASIER_BUILD__: JSON.stringify(described) },
        build: {
          outDir: folder,
          emptyOutDir: false,
          target: 'es2022',
          reportCompressedSize: false,
          rolldownOptions: { input: SOURCE, output: { format: 'iife', entryFileNames: FILE } },
        },
      });
    },
  };
}

function describe(folder: string, names: readonly string[]): Build {
  const manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>;
  const page = readFileSync(join(folder, 'index.html'));
  const named = [...page.toString('utf8').matchAll(/(?:src|href)="(\/courrier\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
  const shell = new Set([BASE, ...named, ...eager(manifest).map((file) => BASE + file)]);
  const assets = names.filter((name) => name.startsWith('assets/')).map((name) => BASE + name);
  const later = assets.filter((path) => !shell.has(path) && !RARE.test(path)).sort();
  // The names of assets hold hashes of what is in them.
  const version = createHash('sha256').update(page).update(assets.sort().join('\n')).digest('hex').slice(0, 16);
  return { version, shell: [...shell], later };
}

/** Files of the entry and of all that it imports at once. */
function eager(manifest: Readonly<Record<string, Chunk>>): readonly string[] {
  const seen = new Set<string>();
  const files: string[] = [];
  const visit = (key: string): void => {
    const chunk = manifest[key];
    if (chunk === undefined || seen.has(key)) return;
    seen.add(key);
    files.push(chunk.file, ...(chunk.css ?? []));
    chunk.imports?.forEach(visit);
  };
  Object.keys(manifest).filter((key) => manifest[key]?.isEntry === true).forEach(visit);
  return files;
}
