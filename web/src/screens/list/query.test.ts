import { describe, expect, it } from 'vitest';

import { CHIPS, pressChip, readQuery, termOf, writeQuery } from './query.ts';

const NOW = new Date(2026, 10, 24, 14, 5);

describe('a search as words and chips', () => {
  it('reads back what it wrote, for each chip', () => {
    for (const chip of CHIPS) {
      const query = { words: 'conseil de classe', chips: new Set([chip]) };
      expect(readQuery(writeQuery(query, NOW), NOW)).toEqual(query);
    }
  });

  it('keeps one period at a time, and presses off what is on', () => {
    const none = { words: 'claire', chips: new Set<never>() };
    const file = pressChip(none, 'file');
    const month = pressChip(file, 'lastMonth');
    const week = pressChip(month, 'lastWeek');
    expect([...month.chips]).toEqual(['file', 'lastMonth']);
    expect([...week.chips]).toEqual(['file', 'lastWeek']);
    expect([...pressChip(week, 'file').chips]).toEqual(['lastWeek']);
  });

  it('bounds last month, over a new year too', () => {
    expect(termOf('lastMonth', NOW)).toBe('après:2026-10-01 avant:2026-11-01');
    expect(termOf('lastMonth', new Date(2026, 0, 5))).toBe('après:2025-12-01 avant:2026-01-01');
  });
});
