// @vitest-environment node
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { zipped } from './zipping.ts';

describe('a folder', () => {
  it('becomes one zip, with its paths', async () => {
    const inside = [
      { path: 'Sortie/plan.txt', file: new File(['Gare, puis musée. '.repeat(500)], 'plan.txt') },
      { path: 'Sortie/photos/groupe.jpg', file: new File([new Uint8Array([1, 2, 3])], 'groupe.jpg') },
    ];
    let last = 0;
    const file = await zipped({ name: 'Sortie', inside }, new AbortController().signal, (read) => (last = read));
    const found = unzipSync(new Uint8Array(await file.arrayBuffer()));
    expect([file.name, file.type]).toEqual(['Sortie.zip', 'application/zip']);
    expect(Object.keys(found)).toEqual(['Sortie/plan.txt', 'Sortie/photos/groupe.jpg']);
    expect(new TextDecoder().decode(found['Sortie/plan.txt'])).toBe('Gare, puis musée. '.repeat(500));
    expect(last).toBe('Gare, puis musée. '.repeat(500).length + 500 + 3);
  });

  it('that is taken back leaves nothing', async () => {
    const stop = new AbortController();
    stop.abort();
    const inside = [{ path: 'a/b.txt', file: new File(['x'], 'b.txt') }];
    await expect(zipped({ name: 'a', inside }, stop.signal, () => undefined)).rejects.toThrow();
  });
});
