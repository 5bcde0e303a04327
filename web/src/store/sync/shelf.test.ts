import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';

import { openDatabase } from '../copy/database.ts';
import { keysFrom } from '../copy/seal.ts';
import { SealedShelf } from '../copy/sealed-shelf.ts';
import { Keeper } from './keeper.ts';
import { MemoryShelf, type Shelf } from './shelf.ts';

async function onDisk(): Promise<Shelf> {
  const database = await openDatabase(`person-${Math.random()}`, () => undefined);
  return new SealedShelf({ database, keys: await keysFrom('07'.repeat(32)), makeRoom: () => Promise.resolve(false), full: () => undefined });
}

describe.each<[string, () => Promise<Shelf>]>([
  ['disk', onDisk],
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
    expect(await next.claim('changes')).toEqual([]);
  });

  it('what was put before the key came is there too, and newer things win', async () => {
    const tab = new Keeper(new MemoryShelf(), 'one');
    tab.put('drafts', 'k', { text: 'un' });
    const shelf = await open();
    await tab.moveTo(shelf);
    tab.put('drafts', 'k', { text: 'deux' });
    await shelf.settled();
    expect(await shelf.all('drafts')).toEqual([['one:k', { text: 'deux' }]]);
  });
});
