import { describe, expect, it } from 'vitest';

import type { AccountId, ThreadId } from '../../store/types.ts';
import { heldWith, isTaken, takesRows } from './drag.ts';

const [OWN, SCHOOL] = ['own', 'school'] as AccountId[] as [AccountId, AccountId];
const [A, B, C] = ['a', 'b', 'c'] as ThreadId[] as [ThreadId, ThreadId, ThreadId];

describe('dragging rows', () => {
  it('takes the whole selection along, and only what is selected', () => {
    const selection = new Set([A, B]);
    expect(heldWith({ selection }, { account: OWN, thread: B }).map(({ thread }) => thread)).toEqual([A, B]);
    expect(heldWith({ selection }, { account: OWN, thread: C }).map(({ thread }) => thread)).toEqual([C]);
  });

  it('is for folders of the same mailbox', () => {
    const rows = heldWith({ selection: new Set() }, { account: OWN, thread: A });
    const rights = { add: true } as never;
    expect(takesRows({ account: OWN, rights }, rows)).toBe(true);
    expect(takesRows({ account: SCHOOL, rights }, rows)).toBe(false);
    expect(takesRows({ account: OWN, rights: { add: false } as never }, rows)).toBe(false);
  });
});

describe('dragging folders', () => {
  it('goes nowhere where one is called so already', () => {
    const box = (id: string, name: string, parent: string | null = null) => ({ id, name, parent }) as never;
    const [old, other] = [box('a', 'Projets'), box('b', 'PROJETS', 'c')];
    const all = [old, other, box('c', 'Circulaires')];
    expect(isTaken(all, 'c' as never, old)).toBe(true);
    expect(isTaken(all, null, other)).toBe(true);
    expect(isTaken(all, null, old)).toBe(false);
    expect(isTaken(all, 'a' as never, other)).toBe(false);
  });
});
