// Print what a first visit downloads and fail when it is too much: the page, what it loads at once
// (scripts, styles and the fonts that the styles name for the text on the first screen).
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT = 200 * 1024;
const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));

/** Bytes on the wire: the compressed twin where there is one. */
function weight(file) {
  const twin = join(dist, `${file}.gz`);
  return statSync(existsSync(twin) ? twin : join(dist, file)).size;
}

/** Everything that an entry needs before it can run: its static imports, never the lazy ones. */
function eager(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const imported of manifest[key].imports ?? []) eager(imported, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
if (entry === undefined) throw new Error('dist/.vite/manifest.json names no entry');

const files = new Set(['index.html']);
for (const key of eager(entry)) {
  files.add(manifest[key].file);
  for (const style of manifest[key].css ?? []) files.add(style);
}
// A page in French or English uses the Latin subset only; browsers skip the other subsets by `unicode-range`.
for (const style of [...files].filter((file) => file.endsWith('.css'))) {
  const css = readFileSync(join(dist, style), 'utf8');
  for (const [, url] of css.matchAll(/url\(["']?([^"')]+\.woff2)["']?\)/g)) {
    if (!/latin-ext/.test(url)) files.add(join('assets', basename(url)));
  }
}

let total = 0;
for (const file of files) {
  const bytes = weight(file);
  total += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} kB  first load, limit ${LIMIT / 1024} kB`);
if (total > LIMIT) {
  console.error('The first load is over its budget: make something lazy or leave it out.');
  process.exit(1);
}
