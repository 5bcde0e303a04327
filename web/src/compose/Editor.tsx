import { Placeholder } from '@tiptap/extension-placeholder';
import { type Editor as TextEditor, EditorContent, useEditor } from '@tiptap/react';
import { StarterKit } from '@tiptap/starter-kit';
import { useEffect, useRef, useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import type { Attachment } from '../store/types.ts';
import { FormatBar } from './FormatBar.tsx';
import { drawn, filesInside, LARGEST_PICTURE, lightened, named, newCid, PICTURE, Picture } from './picture.ts';
import { TABLES } from './table.ts';
import './body.css';

interface Props {
  readonly html: string;
  readonly attachments: readonly Attachment[];
  readonly autoFocus: boolean;
  /** Goes up when the text was changed from outside: a template. */
  readonly label?: string;
  readonly onChange: (html: string) => void;
  readonly onFiles?: (files: readonly File[]) => void;
  /** A picture for the text; without it the editor takes none. */
  readonly onPicture?: (file: File, cid: string) => void;
  readonly onReady?: (editor: TextEditor) => void;
}

/** Rich text: what mail programs all show. Pasted and dropped pictures stand in the text, other files are joined. */
export function Editor({ html, attachments, autoFocus, label, onChange, onFiles, onPicture, onReady }: Props) {
  const { words } = useLanguage();
  const [start] = useState(() => drawn(html, attachments));
  const inside = useRef<TextEditor | null>(null);

  const addPicture = (original: File, at: number | null): void => {
    void lightened(original).then((file) => {
      if (onPicture === undefined || file.size > LARGEST_PICTURE) {
        onFiles?.([original]);
        return;
      }
      const cid = newCid();
      const node = { type: 'picture', attrs: { src: URL.createObjectURL(file), cid, alt: '' } };
      const chain = inside.current?.chain().focus();
      if (at === null) chain?.insertContent(node).run();
      else chain?.insertContentAt(at, node).run();
      onPicture(file, cid);
    });
  };
  const take = (files: readonly File[], at: number | null): void => {
    const pictures = onPicture === undefined ? [] : files.filter((file) => PICTURE.test(file.type));
    for (const file of pictures) addPicture(file, at);
    const others = files.filter((file) => !pictures.includes(file));
    if (others.length > 0) onFiles?.(others);
  };
  const taking = useRef({ take, onPicture });
  useEffect(() => {
    taking.current = { take, onPicture };
  });

  const editor = useEditor({
    extensions: [
      StarterKit.configure({
        heading: false,
        codeBlock: false,
        code: false,
        horizontalRule: false,
        link: { openOnClick: false, autolink: true, HTMLAttributes: { rel: 'noopener noreferrer', target: '_blank' } },
      }),
      Placeholder.configure({ placeholder: words.compose.placeholder }),
      Picture,
      ...TABLES,
    ],
    content: start,
    injectCSS: false,
    autofocus: autoFocus ? 'start' : false,
    editorProps: {
      attributes: { class: 'editor-text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': label ?? words.compose.body },
      // Office programs put a picture of the text beside the text: what has words is pasted as words.
      handlePaste: (_view, event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0 || hasWords(event.clipboardData?.getData('text/html') ?? '')) return false;
        taking.current.take(files, null);
        return true;
      },
      handleDrop: (view, event, _slice, moved) => {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (moved || files.length === 0) return false;
        event.preventDefault();
        event.stopPropagation();
        taking.current.take(files, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? null);
        return true;
      },
      transformPastedHTML: (pasted) => {
        if (taking.current.onPicture === undefined) return pasted;
        const found = filesInside(pasted);
        for (const { file, cid } of found.files) taking.current.onPicture(file, cid);
        return found.html;
      },
    },
    onCreate: ({ editor: created }) => {
      inside.current = created;
      onReady?.(created);
    },
    onUpdate: ({ editor: changed }) => onChange(changed.isEmpty ? '' : named(changed.getHTML())),
  });

  return (
    <div className="editor">
      <EditorContent editor={editor} className="editor-content" />
      <FormatBar editor={editor} {...(onPicture === undefined ? {} : { onPicture: (file: File) => addPicture(file, null) })} />
    </div>
  );
}

function hasWords(html: string): boolean {
  return html !== '' && new DOMParser().parseFromString(html, 'text/html').body.textContent.trim() !== '';
}
