import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

import { compressedTwins } from './tools/compressed-twins.ts';
import { firstPaint } from './tools/first-paint.ts';
import { pdfFiles } from './tools/pdf-files.ts';
import { serviceWorker } from './tools/service-worker.ts';

/** Where a trial instance listens, for `npm run dev` (its certificate is its own, so it isn't checked). */
const instance = process.env['CASIER_URL'] ?? 'https://rouen.localhost:8443';

const passedOn = Object.fromEntries(
  ['/jmap', '/.well-known', '/api', '/events', '/connexion', '/deconnexion', '/static', '/theme.css'].map((path) => [
    path,
    { target: instance, changeOrigin: true, secure: false },
  ]),
);

export default defineConfig({
  base: '/courrier/',
  plugins: [react(), firstPaint(), pdfFiles(), serviceWorker(), compressedTwins()],
  build: {
    target: 'es2024',
    // Inlined assets would need `data:` in the page's security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
  },
  server: { proxy: passedOn },
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'jsdom',
    restoreMocks: true,
    // Making a page's surroundings takes longer than most tests: files of one worker share them.
    isolate: false,
    // A busy machine isn't a fault; what must be quick is measured by a clock of its own.
    testTimeout: 30_000,
    setupFiles: ['src/mock/test-setup.ts'],
  },
});
