/** « {{classe}} »: what a template leaves to be filled in by whoever writes. */

import type { Editor } from '@tiptap/core';

const FIELD = /\{\{\s*([^{}<>\n]{1,60}?)\s*\}\}/u;

/** The first field of a text that is still open, or null. */
export function openField(text: string): string | null {
  return FIELD.exec(text)?.[0] ?? null;
}

/** Choose the first open field, so that typing fills it in. */
export function selectField(editor: Editor): void {
  let from = -1;
  let length = 0;
  editor.state.doc.descendants((node, position) => {
    const found = from < 0 && node.isText ? FIELD.exec(node.text ?? '') : null;
    if (found === null) return;
    from = position + found.index;
    length = found[0].length;
  });
  if (from >= 0) editor.commands.setTextSelection({ from, to: from + length });
}
