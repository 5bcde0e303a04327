import 'fake-indexeddb/auto';

import { configure } from '@testing-library/react';
import { afterAll } from 'vitest';

// As long as a busy machine needs to draw something.
configure({ asyncUtilTimeout: 10_000 });

// Files of one worker share their surroundings: a timer that one leaves would go off in the next, or where no page is left.
const left = new Set<ReturnType<typeof setTimeout>>();
const begin = globalThis.setTimeout;

globalThis.setTimeout = Object.assign((...given: Parameters<typeof begin>) => {
  const timer = begin(...given);
  left.add(timer);
  return timer;
}, begin);

afterAll(() => {
  globalThis.setTimeout = begin;
  for (const timer of left) clearTimeout(timer);
});
