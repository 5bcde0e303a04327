import { describe, expect, it } from 'vitest';

import { en } from './en.ts';
import { calendarDay, clock, longDate, shortDate, size } from './format.ts';
import { fr } from './fr.ts';

const NOW = new Date(2026, 10, 24, 18, 0);

/** Every sentence, functions called with plain examples. */
function sentences(tree: object): string[] {
  return Object.values(tree).flatMap((value: unknown) => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'function') return [String(Reflect.apply(value, null, [3, 'x']))];
    return typeof value === 'object' && value !== null ? sentences(value) : [];
  });
}

describe('French typography', () => {
  it('has no ordinary space before a high sign, none inside quotation marks, no exclamation, no straight apostrophe', () => {
    for (const sentence of sentences(fr)) {
      expect(sentence).not.toMatch(/ [;:?!»]|« |[^\s\u00a0/]\?$|!|'/u);
    }
  });

  it('keeps a number with its unit, and with nothing else', () => {
    expect(fr.compose.waiting(9)).toBe('Message envoyé dans 9\u00a0s');
    expect(fr.list.selected(100)).toBe('100 sélectionnées');
  });

  it('is said in English too, without exclamation', () => {
    expect(sentences(en)).toHaveLength(sentences(fr).length);
    for (const sentence of sentences(en)) expect(sentence).not.toMatch(/!/u);
  });
});

describe('dates and sizes', () => {
  const afternoon = new Date(2026, 10, 24, 14, 5).toISOString();

  it('writes the day and the hour as people do', () => {
    expect(longDate(afternoon, 'fr', NOW)).toBe('mardi 24 novembre, 14\u00a0h\u00a005');
    expect([calendarDay(NOW, 'fr'), calendarDay(NOW, 'en')]).toEqual(['24 novembre 2026', '24 November 2026']);
    expect(longDate(afternoon, 'en', NOW)).toBe('Tuesday 24 November, 14:05');
    expect(longDate(afternoon, 'fr', new Date(2027, 0, 1))).toContain('2026');
    expect(clock(new Date(2026, 10, 24, 0, 7), 'fr')).toBe('0\u00a0h\u00a007');
  });

  it('shortens by age', () => {
    expect(shortDate(afternoon, 'fr', NOW)).toBe('14\u00a0h\u00a005');
    expect(shortDate(afternoon, 'fr', new Date(2026, 10, 25))).toBe('hier');
    expect(shortDate(afternoon, 'fr', new Date(2026, 11, 25))).toMatch(/^24.nov\.$/);
    expect(shortDate(afternoon, 'fr', new Date(2027, 1, 1))).toBe('24/11/26');
    expect(shortDate('not a date', 'fr', NOW)).toBe('');
  });

  it.each([
    [0, '0\u00a0octets'],
    [1, '1\u00a0octet'],
    [2, '2\u00a0octets'],
    [999, '999\u00a0octets'],
    [1000, '1\u00a0Ko'],
    [3_240_000, '3,2\u00a0Mo'],
    [99_960, '100\u00a0Ko'],
    [12_000_000_000, '12\u00a0Go'],
  ])('%s bytes', (bytes, text) => {
    expect(size(bytes, 'fr')).toBe(text);
  });
});
