import { expect, it } from 'vitest';

import { choicesAt, localText, utc } from './times.ts';

function keys(now: Date): readonly string[] {
  return choicesAt(now).map(({ key, at }) => `${key} ${localText(at)}`);
}

it('proposes this evening while it is far enough, tomorrow, Monday and a week later', () => {
  expect(keys(new Date(2026, 10, 18, 10))).toEqual([
    'evening 2026-11-18T18:00', 'tomorrow 2026-11-19T08:00', 'monday 2026-11-23T08:00', 'week 2026-11-25T08:00',
  ]);
});

it('proposes nothing twice', () => {
  expect(keys(new Date(2026, 10, 22, 17, 30))).toEqual(['tomorrow 2026-11-23T08:00', 'week 2026-11-29T08:00']);
  expect(keys(new Date(2026, 10, 23, 20))).toEqual(['tomorrow 2026-11-24T08:00', 'monday 2026-11-30T08:00']);
});

it('writes moments as JMAP wants them', () => {
  expect(utc(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678)))).toBe('2026-01-02T03:04:05Z');
});
