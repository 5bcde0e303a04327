import { Mark } from '@tiptap/core';

function shifted(name: string, tag: 'sup' | 'sub', align: string, key: string) {
  return Mark.create({
    name,
    excludes: 'raised lowered',
    parseHTML: () => [{ tag }, { style: `vertical-align=${align}` }],
    renderHTML: () => [tag, 0],
    addKeyboardShortcuts() {
      return { [key]: () => this.editor.commands.toggleMark(name) };
    },
  });
}

/** 10³, m², H₂O: what is pasted without its height would say another thing. The keys are those of word processors on the web. */
export const RAISED = [shifted('raised', 'sup', 'super', 'Mod-.'), shifted('lowered', 'sub', 'sub', 'Mod-,')];
