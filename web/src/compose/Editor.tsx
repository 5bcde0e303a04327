import { Placeholder } from '@tiptap/extension-placeholder';
import { EditorContent, useEditor } from '@tiptap/react';
import { StarterKit } from '@tiptap/starter-kit';

import { useLanguage } from '../i18n/index.tsx';
import { FormatBar } from './FormatBar.tsx';

interface Props {
  readonly html: string;
  readonly autoFocus: boolean;
  readonly onChange: (html: string) => void;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Rich text: what mail programs all show. Pasted files are joined to the message. */
export function Editor({ html, autoFocus, onChange, onFiles }: Props) {
  const { words } = useLanguage();
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
    ],
    content: html,
    injectCSS: false,
    autofocus: autoFocus ? 'start' : false,
    editorProps: {
      attributes: { class: 'editor-text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': words.compose.body },
      handlePaste: (_view, event) => {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0) return false;
        onFiles(files);
        return true;
      },
    },
    onUpdate: ({ editor: changed }) => onChange(changed.isEmpty ? '' : changed.getHTML()),
  });

  return (
    <div className="editor">
      <EditorContent editor={editor} className="editor-content" />
      <FormatBar editor={editor} />
    </div>
  );
}
