import { type Editor, useEditorState } from '@tiptap/react';
import {
  Bold, Image, Italic, Link, List, ListOrdered, type LucideIcon, RemoveFormatting, Strikethrough, Table, TextQuote, Underline,
} from 'lucide-react';
import { useId, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { moveInBar } from './bar.ts';
import { LinkForm } from './LinkForm.tsx';
import type { Lighter } from './picture.ts';
import { Lightened, PictureTools } from './PictureTools.tsx';
import { TableTools } from './TableTools.tsx';
import { WORDS } from '../words.ts';

interface Tool {
  readonly key: string;
  readonly icon: LucideIcon;
  readonly label: string;
  readonly on: boolean;
  readonly hint?: string;
  readonly act: () => void;
}

interface Props {
  readonly editor: Editor;
  /** Pictures that were made lighter, by their names. */
  readonly lighter: ReadonlyMap<string, Lighter>;
  readonly onOriginal: (cid: string) => void;
  readonly onPicture?: (file: File) => void;
}

/** The looks of the text. One tab stop; arrows move inside. */
export function FormatBar({ editor, lighter, onOriginal, onPicture }: Props) {
  const { compose } = useLanguage().words;
  const more = useWords(WORDS);
  const pictures = useId();
  const [linking, setLinking] = useState(false);
  const on = useEditorState({
    editor,
    selector: ({ editor: now }) => ({
      bold: now.isActive('bold'),
      italic: now.isActive('italic'),
      underline: now.isActive('underline'),
      strike: now.isActive('strike'),
      bullets: now.isActive('bulletList'),
      numbers: now.isActive('orderedList'),
      quote: now.isActive('blockquote'),
      link: now.isActive('link'),
      table: now.isActive('table'),
      picture: now.isActive('picture'),
    }),
  });
  const chain = () => editor.chain().focus();
  const tools: readonly Tool[] = [
    { key: 'bold', icon: Bold, label: compose.bold, hint: 'Ctrl+B', on: on.bold, act: () => chain().toggleBold().run() },
    { key: 'italic', icon: Italic, label: compose.italic, hint: 'Ctrl+I', on: on.italic, act: () => chain().toggleItalic().run() },
    { key: 'underline', icon: Underline, label: compose.underline, hint: 'Ctrl+U', on: on.underline, act: () => chain().toggleUnderline().run() },
    { key: 'strike', icon: Strikethrough, label: compose.strike, on: on.strike, act: () => chain().toggleStrike().run() },
    { key: 'bullets', icon: List, label: compose.bullets, on: on.bullets, act: () => chain().toggleBulletList().run() },
    { key: 'numbers', icon: ListOrdered, label: compose.numbers, on: on.numbers, act: () => chain().toggleOrderedList().run() },
    { key: 'quote', icon: TextQuote, label: compose.quote, on: on.quote, act: () => chain().toggleBlockquote().run() },
    { key: 'link', icon: Link, label: compose.link, on: on.link, act: () => setLinking(!linking) },
    { key: 'table', icon: Table, label: more.table, on: on.table, act: () => chain().insertTable(3, 3).run() },
    ...(onPicture === undefined
      ? []
      : [{ key: 'picture', icon: Image, label: more.picture, on: false, act: () => document.getElementById(pictures)?.click() }]),
    { key: 'clear', icon: RemoveFormatting, label: compose.clearFormat, on: false, act: () => chain().unsetAllMarks().clearNodes().run() },
  ];
  return (
    <div className="format-foot">
      {linking && <LinkForm editor={editor} onDone={() => setLinking(false)} />}
      {on.table && !on.picture && <TableTools editor={editor} />}
      {on.picture && <PictureTools editor={editor} lighter={lighter} onOriginal={onOriginal} />}
      {!on.picture && <Lightened lighter={lighter} onOriginal={onOriginal} />}
      <input
        id={pictures}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        multiple
        hidden
        aria-label={more.picture}
        onChange={(event) => {
          for (const file of event.target.files ?? []) onPicture?.(file);
          event.target.value = '';
        }}
      />
      <div className="format-bar" role="toolbar" aria-label={compose.formatting} onKeyDown={moveInBar}>
        {tools.map((tool, at) => (
          <Button
            key={tool.key}
            icon={tool.icon}
            label={tool.label}
            wordless
            small
            tabIndex={at === 0 ? 0 : -1}
            aria-pressed={tool.on}
            onMouseDown={(event) => event.preventDefault()}
            onClick={tool.act}
            {...(tool.hint === undefined ? {} : { hint: tool.hint })}
          />
        ))}
      </div>
    </div>
  );
}
