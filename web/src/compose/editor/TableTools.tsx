import type { Editor } from '@tiptap/react';
import { BetweenHorizontalEnd, BetweenVerticalEnd, Heading, TableColumnsSplit, TableRowsSplit, Trash2 } from 'lucide-react';

import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { moveInBar } from './bar.ts';
import { WORDS } from '../words.ts';

/** What one does to the table in which one writes. */
export function TableTools({ editor }: { readonly editor: Editor }) {
  const words = useWords(WORDS);
  const chain = () => editor.chain().focus();
  const tools = [
    { icon: BetweenHorizontalEnd, label: words.addRow, act: () => chain().addRow().run() },
    { icon: BetweenVerticalEnd, label: words.addColumn, act: () => chain().addColumn().run() },
    { icon: TableRowsSplit, label: words.removeRow, act: () => chain().removeRow().run() },
    { icon: TableColumnsSplit, label: words.removeColumn, act: () => chain().removeColumn().run() },
    { icon: Heading, label: words.header, act: () => chain().toggleHeader().run() },
    { icon: Trash2, label: words.removeTable, act: () => chain().removeTable().run() },
  ];
  return (
    <div className="inner-tools" role="toolbar" aria-label={words.tableTools} onKeyDown={moveInBar}>
      {tools.map(({ icon, label, act }, at) => (
        <Button
          key={label}
          icon={icon}
          label={label}
          wordless
          small
          tabIndex={at === 0 ? 0 : -1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={act}
        />
      ))}
    </div>
  );
}
