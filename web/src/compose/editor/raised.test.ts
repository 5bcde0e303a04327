import { Editor } from '@tiptap/core';
import { StarterKit } from '@tiptap/starter-kit';
import { describe, expect, it } from 'vitest';

import { RAISED } from './raised.ts';

describe('what stands higher or lower than its line', () => {
  it.each([
    ['10<sup>3</sup> m<sup>2</sup>', '10<sup>3</sup> m<sup>2</sup>'],
    ['H<sub>2</sub>O', 'H<sub>2</sub>O'],
    ['6<span style="vertical-align:super">e</span>', '6<sup>e</sup>'],
  ])('%s keeps its sense', (pasted, kept) => {
    const editor = new Editor({ extensions: [StarterKit, ...RAISED], content: `<p>${pasted}</p>` });
    expect(editor.getHTML()).toBe(`<p>${kept}</p>`);
    editor.destroy();
  });
});
