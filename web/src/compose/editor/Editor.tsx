import { Placeholder } from '@tiptap/extension-placeholder';
import { Fragment, Slice } from '@tiptap/pm/model';
import { type Editor as TextEditor, EditorContent, useEditor } from '@tiptap/react';
import { StarterKit } from '@tiptap/starter-kit';
import { useEffect, useRef, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import type { Attachment } from '../../store/types.ts';
import { FormatBar } from './FormatBar.tsx';
import { linesOf, simplified } from './pasted.ts';
import { adopted, drawn, filesInside, LARGEST_PICTURE, type Lighter, lightened, named, newCid, PICTURE, Picture, redraw } from './picture.ts';
import { RAISED } from './raised.ts';
import { TABLES } from './table.ts';
import '../body.css';

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
  const [lighter, setLighter] = useState<ReadonlyMap<string, Lighter>>(new Map());

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
      if (file !== original) setLighter((before) => new Map(before).set(cid, { original, size: file.size }));
    });
  };
  /** The picture as it was: in the text where it isn't too heavy, else beside it. */
  const takeOriginal = (cid: string): void => {
    const original = lighter.get(cid)?.original;
    if (original === undefined || onPicture === undefined) return;
    setLighter((before) => new Map([...before].filter(([key]) => key !== cid)));
    if (original.size > LARGEST_PICTURE) {
      onFiles?.([original]);
      return;
    }
    const next = newCid();
    if (inside.current !== null && redraw(inside.current, cid, { src: URL.createObjectURL(original), cid: next })) onPicture(original, next);
  };
  const take = (files: readonly File[], at: number | null): void => {
    const pictures = onPicture === undefined ? [] : files.filter((file) => PICTURE.test(file.type));
    for (const file of pictures) addPicture(file, at);
    const others = files.filter((file) => !pictures.includes(file));
    if (others.length > 0) onFiles?.(others);
  };
  const taking = useRef({ take, onPicture, attachments });
  useEffect(() => {
    taking.current = { take, onPicture, attachments };
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
      ...RAISED,
      ...TABLES,
    ],
    content: start,
    injectCSS: false,
    autofocus: false,
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
      clipboardTextParser: (text, context) => {
        const { schema } = context.doc.type;
        const paragraph = (line: string) => schema.nodes['paragraph']?.create(null, line === '' ? null : schema.text(line, context.marks()));
        return Slice.maxOpen(Fragment.fromArray(linesOf(text).flatMap((line) => paragraph(line) ?? [])));
      },
      transformPastedHTML: (pasted) => {
        const simple = simplified(pasted);
        if (taking.current.onPicture === undefined) return simple;
        const found = filesInside(simple);
        for (const { file, cid } of found.files) taking.current.onPicture(file, cid);
        const here = new Set([...taking.current.attachments.flatMap(({ cid }) => cid ?? []), ...found.files.map(({ cid }) => cid)]);
        return adopted(found.html, (cid) => here.has(cid), taking.current.onPicture);
      },
    },
    onCreate: ({ editor: created }) => {
      inside.current = created;
      onReady?.(created);
    },
    onUpdate: ({ editor: changed }) => onChange(changed.isEmpty ? '' : named(changed.getHTML())),
  });
  const [first] = useState(autoFocus);
  // Not when the editor calls itself created: that is a moment later, whether or not the page has it by then.
  // Where the page took long to draw, the one made first was thrown away meanwhile: the next takes the keys.
  useEffect(() => {
    if (first && !editor.isDestroyed && !writesElsewhere(editor.view.dom)) editor.view.focus();
  }, [editor, first]);

  return (
    <div className="editor">
      <EditorContent editor={editor} className="editor-content" />
      <FormatBar
        editor={editor}
        lighter={lighter}
        onOriginal={takeOriginal}
        {...(onPicture === undefined ? {} : { onPicture: (file: File) => addPicture(file, null) })}
      />
    </div>
  );
}

/** While the editor was loaded one went to another field of the message: it keeps the keys. */
function writesElsewhere(editor: HTMLElement): boolean {
  const active = document.activeElement;
  return active?.matches('input, textarea, select') === true && editor.closest('.composer')?.contains(active) === true;
}

function hasWords(html: string): boolean {
  return html !== '' && new DOMParser().parseFromString(html, 'text/html').body.textContent.trim() !== '';
}
