import { describe, expect, it } from 'vitest';

import { dayOf, daysLater, lastDay, spanOf } from './days.ts';

const NOW = new Date(2026, 10, 24, 14, 5);

describe('the days of a delegation', () => {
  it('begins now when it begins today, and ends with its last day', () => {
    const span = spanOf('2026-11-24', '2026-11-30', NOW, 365);
    expect(span?.startsAt).toBe(NOW.toISOString());
    expect(new Date(span?.endsAt ?? '')).toEqual(new Date(2026, 11, 1));
    expect(dayOf(new Date(lastDay(span?.endsAt ?? '')))).toBe('2026-11-30');
  });

  it('may last one day', () => {
    expect(spanOf('2026-11-24', '2026-11-24', NOW, 365)).not.toBeNull();
    expect(new Date(spanOf('2026-11-25', '2026-11-25', NOW, 365)?.startsAt ?? '')).toEqual(new Date(2026, 10, 25));
  });

  it.each([
    ['2026-11-23', '2026-11-30'],
    ['2026-11-26', '2026-11-25'],
    ['', '2026-11-25'],
    ['2026-11-24', ''],
    ['2026-11-24', '2028-01-01'],
  ])('from %s to %s makes no sense', (from, to) => {
    expect(spanOf(from, to, NOW, 365)).toBeNull();
  });

  it('goes over the end of summer time', () => {
    expect(dayOf(daysLater(new Date(2026, 9, 24, 0, 0), 2))).toBe('2026-10-26');
  });
});
