import { expect, it } from 'vitest';

import { arrived } from './arriving.ts';

const QUIET = { total: 10, unread: 2, pending: 0 };

it('says what came, and only that', () => {
  expect(arrived(QUIET, { total: 12, unread: 4, pending: 0 })).toBe(2);
  expect(arrived(QUIET, { total: 12, unread: 3, pending: 0 })).toBe(1);
});

it.each([
  ['nothing was known yet', { ...QUIET, total: null }, QUIET],
  ['a message was marked as unread', QUIET, { ...QUIET, unread: 3 }],
  ['a read one came back', QUIET, { ...QUIET, total: 11 }],
  ['something went away', QUIET, { total: 8, unread: 1, pending: 0 }],
  ['one brought it back oneself', QUIET, { total: 11, unread: 3, pending: 1 }],
])('is silent: %s', (_, before, now) => expect(arrived(before, now)).toBe(0));
