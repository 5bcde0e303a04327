import { describe, expect, it } from 'vitest';

import { Keeper } from './keeper.ts';
import { DiskShelf, MemoryShelf, type Shelf } from './shelf.ts';

describe.each<[string, () => Promise<Shelf>]>([
  ['disk', () => DiskShelf.open(`person-${Math.random()}`)],
  ['memory', () => Promise.resolve(new MemoryShelf())],
])('on %s', (_name, open) => {
  it('what one tab leaves the next one takes over, in order, once', async () => {
    const shelf = await open();
    const tab = new Keeper(shelf, 'one');
    tab.put('changes', '002', { id: 2 });
    tab.put('changes', '001', { id: 1 });
    tab.put('drafts', 'k', { text: 'é' });
    tab.put('changes', '003', { id: 3 });
    tab.remove('changes', '003');
    tab.release();
    const next = new Keeper(shelf, 'two');
    const claimed = (await next.claim('changes')) as { id: number }[];
    expect(claimed.map(({ id }) => id).sort()).toEqual([1, 2]);
    expect(await next.claim('drafts')).toEqual([{ text: 'é' }]);
    expect((await shelf.all('changes')).map(([key]) => key).sort()).toEqual(['two:001', 'two:002']);
  });
});
