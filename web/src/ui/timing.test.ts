import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { atRest } from './timing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('waits for the hand to rest, and not for ever', () => {
  const act = vi.fn();
  atRest(act);
  for (let times = 0; times < 19; times += 1) {
    vi.advanceTimersByTime(500);
    window.dispatchEvent(new Event('pointermove'));
  }
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(600);
  expect(act).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(20_000);
  expect(act).toHaveBeenCalledOnce();

  const restless = vi.fn();
  atRest(restless);
  for (let times = 0; times < 25; times += 1) {
    vi.advanceTimersByTime(400);
    window.dispatchEvent(new Event('pointermove'));
  }
  expect(restless).toHaveBeenCalledOnce();
});

it('can be called off', () => {
  const act = vi.fn();
  atRest(act)();
  vi.advanceTimersByTime(20_000);
  expect(act).not.toHaveBeenCalled();
});
