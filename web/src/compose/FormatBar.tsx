import { type Editor, useEditorState } from '@tiptap/react';
import { Bold, Italic, Link, List, ListOrdered, type LucideIcon, RemoveFormatting, Strikethrough, TextQuote, Underline } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { Button } from '../ui/Button.tsx';

interface Tool {
  readonly key: string;
  readonly icon: LucideIcon;
  readonly label: string;
  readonly on: boolean;
  readonly hint?: string;
  readonly act: () => void;
}

/** The looks of the text. One tab stop; arrows move inside. */
export function FormatBar({ editor }: { readonly editor: Editor }) {
  const { compose } = useLanguage().words;
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
    { key: 'clear', icon: RemoveFormatting, label: compose.clearFormat, on: false, act: () => chain().unsetAllMarks().clearNodes().run() },
  ];
  return (
    <>
      {linking && <LinkForm editor={editor} onDone={() => setLinking(false)} />}
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
    </>
  );
}

function moveInBar(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
  const tools = [...event.currentTarget.querySelectorAll('button')];
  const at = tools.indexOf(document.activeElement as HTMLButtonElement);
  const by = event.key === 'ArrowRight' ? 1 : tools.length - 1;
  tools[(at + by) % tools.length]?.focus();
}

function LinkForm({ editor, onDone }: { readonly editor: Editor; readonly onDone: () => void }) {
  const { compose } = useLanguage().words;
  const present = String(editor.getAttributes('link')['href'] ?? '');
  const [address, setAddress] = useState(present);
  const apply = (): void => {
    const text = address.trim();
    const href = /^(?:https?:|mailto:|tel:)/i.test(text) ? text : `https://${text}`;
    const chain = editor.chain().focus().extendMarkRange('link');
    if (text === '') chain.unsetLink().run();
    else if (editor.state.selection.empty && present === '') {
      chain.insertContent({ type: 'text', text, marks: [{ type: 'link', attrs: { href } }] }).run();
    } else chain.setLink({ href }).run();
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      apply();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      onDone();
      editor.commands.focus();
    }
  };
  return (
    <div className="link-form">
      <input
        className="input"
        type="url"
        autoFocus
        aria-label={compose.linkAddress}
        placeholder="https://"
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <Button label={present !== '' && address.trim() === '' ? compose.linkRemove : compose.linkApply} look="outline" small onClick={apply} />
    </div>
  );
}
