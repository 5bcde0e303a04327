import { describe, expect, it } from 'vitest';

import { chipDate, evening, forField, fromField, monday, tomorrow } from './moments.ts';

const at = (text: string) => new Date(text);

describe('the times that are proposed', () => {
  it.each([
    ['2026-11-24T09:00', '2026-11-24T18:00', '2026-11-25T08:00', '2026-11-30T08:00'], // a Tuesday
    ['2026-11-27T16:59', '2026-11-27T18:00', '2026-11-28T08:00', '2026-11-30T08:00'], // a Friday
    ['2026-11-30T07:00', '2026-11-30T18:00', '2026-12-01T08:00', '2026-12-07T08:00'], // a Monday: the next one
  ])('%s', (now, tonight, morning, next) => {
    expect(evening(at(now))).toEqual(at(tonight));
    expect(tomorrow(at(now))).toEqual(at(morning));
    expect(monday(at(now))).toEqual(at(next));
  });

  it('leave out the evening once it is near, and Monday when it is tomorrow', () => {
    expect(evening(at('2026-11-24T17:00'))).toBeNull();
    expect(monday(at('2026-11-29T10:00'))).toBeNull();
  });

  it('keep their hour over the change to winter time', () => {
    expect(tomorrow(at('2026-10-24T20:00')).getHours()).toBe(8);
  });
});

describe('a moment that is typed', () => {
  const now = at('2026-11-24T09:00');

  it('comes back as it was written', () => {
    expect(fromField(forField(at('2026-12-01T07:05')), now)).toEqual(at('2026-12-01T07:05'));
  });

  it.each(['', 'demain', '2026-11-24T09:00', '2026-11-23T12:00'])('« %s » is none to come', (text) => {
    expect(fromField(text, now)).toBeNull();
  });
});

it('a date for a narrow place says no more than is needed', () => {
  const now = at('2026-11-24T09:00');
  expect(chipDate(at('2026-11-24T18:00'), now, 'en')).not.toContain('Nov');
  expect(chipDate(at('2026-11-25T08:00'), now, 'en')).toMatch(/^tomorrow, /);
  expect(chipDate(at('2027-01-04T08:00'), now, 'en')).toContain('2027');
});
