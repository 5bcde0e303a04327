import { describe, expect, it } from 'vitest';

import { CHIPS, chipsOn, pressChip, readQuery, replaceTerm, termsOf, writeQuery } from './query.ts';

const NOW = new Date(2026, 10, 24, 14, 5);

describe('a search as words and chips', () => {
  it('reads back what it wrote, for each chip', () => {
    for (const chip of CHIPS) {
      const query = pressChip({ words: 'conseil de classe', terms: [] }, chip, NOW);
      expect(readQuery(writeQuery(query))).toEqual(query);
      expect([...chipsOn(query, NOW)]).toEqual([chip]);
    }
  });

  it('keeps one period at a time, and presses off what is on', () => {
    const file = pressChip({ words: 'claire', terms: ['de:paul'] }, 'file', NOW);
    const month = pressChip(file, 'lastMonth', NOW);
    const week = pressChip(month, 'lastWeek', NOW);
    expect([...chipsOn(month, NOW)].sort()).toEqual(['file', 'lastMonth']);
    expect([...chipsOn(week, NOW)].sort()).toEqual(['file', 'lastWeek']);
    expect(writeQuery(pressChip(pressChip(week, 'file', NOW), 'lastWeek', NOW))).toBe('claire de:paul');
  });

  it('bounds last month, over a new year too', () => {
    expect(termsOf('lastMonth', NOW)).toEqual(['après:2026-10-01', 'avant:2026-11-01']);
    expect(termsOf('lastMonth', new Date(2026, 0, 5))).toEqual(['après:2025-12-01', 'avant:2026-01-01']);
  });

  it('takes terms out of the words, whatever their order, and leaves joined ones', () => {
    expect(readQuery('de:"Claire Lemoine" bilan -objet:x annuel')).toEqual({ words: 'bilan annuel', terms: ['de:"Claire Lemoine"', '-objet:x'] });
    expect(readQuery('de:paul OU de:luc')).toEqual({ words: 'de:paul OU de:luc', terms: [] });
  });

  it('replaces a term and takes it out', () => {
    const query = { words: 'bilan', terms: ['de:paul', 'est:lu'] };
    expect(writeQuery(replaceTerm(query, 'de:paul', 'de:luc'))).toBe('bilan de:luc est:lu');
    expect(writeQuery(replaceTerm(query, 'de:paul', null))).toBe('bilan est:lu');
  });
});
