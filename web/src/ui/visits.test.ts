import { expect, it } from 'vitest';

import { visitAt } from './visits.ts';

const now = new Date('2026-11-22T10:00:00Z');

it('begins at the end of the visit before', () => {
  expect(visitAt({ last: '2026-11-21T17:00:00.000Z', since: '2026-11-20T08:00:00.000Z' }, now).since).toBe('2026-11-21T17:00:00.000Z');
});

it('goes on after a short absence', () => {
  expect(visitAt({ last: '2026-11-22T09:45:00.000Z', since: '2026-11-20T08:00:00.000Z' }, now).since).toBe('2026-11-20T08:00:00.000Z');
});

it('tells nothing the first time', () => {
  expect(visitAt({ last: '', since: '' }, now)).toEqual({ last: now.toISOString(), since: '' });
});
