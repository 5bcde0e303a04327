import type { Editor as TextEditor } from '@tiptap/react';
import { lazy, Suspense, useRef, useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { plainOf } from '../store/plain.ts';
import type { Draft, DraftContent } from '../store/types.ts';
import { useCommands } from '../ui/client.tsx';
import { PlainText } from './PlainText.tsx';
import { Quoted } from './Quoted.tsx';
import { splitDraft } from './quoted.ts';
import { SignatureBlock } from './SignatureBlock.tsx';
import './body.css';

const Editor = lazy(() => import('./Editor.tsx').then((module) => ({ default: module.Editor })));

/** The lines of a plain text as the editor holds them. */
function linesOf(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.split('\n').map((line) => `<p>${line}</p>`).join('');
}

/** Lines of the editor stand close to each other in plain text too. */
function textOf(html: string): string {
  return plainOf(html.replaceAll('<p>', '<p style="margin:0">').replaceAll('<p style="margin:0"></p>', '<p style="margin:0"><br></p>'));
}

/** The text of a draft as it is being edited: what one writes, and what one quotes below it. */
export function useBody(draft: Draft, edit: (change: Partial<DraftContent>) => void) {
  const [start] = useState(() => splitDraft(draft.content.html));
  const [editable, setEditable] = useState(start.own);
  const [version, setVersion] = useState(0);
  const [quoted, setQuoted] = useState(start.quoted);
  const own = useRef(start.own);
  const editor = useRef<TextEditor | null>(null);
  const replace = (html: string, below: string, text: string | null): void => {
    own.current = html;
    editor.current = null;
    setQuoted(below);
    setEditable(html);
    setVersion(version + 1);
    edit({ html: html + below, text });
  };
  return {
    editable,
    version,
    quoted,
    ready: (created: TextEditor): void => {
      editor.current = created;
    },
    write: (html: string): void => {
      own.current = html;
      edit({ html: html + quoted });
    },
    writeText: (text: string): void => edit({ text }),
    /** Bring what is quoted into the editor, or leave it out. */
    takeQuoted: (into: boolean): void => replace(into ? `${own.current || '<p></p>'}${quoted}` : own.current, '', null),
    setPlain: (plain: boolean): void => {
      if (plain) replace('', '', [textOf(own.current), plainOf(quoted)].filter((part) => part !== '').join('\n\n'));
      else replace(linesOf(draft.content.text ?? ''), '', null);
    },
    /** Below what is written, without taking the keys from where they are. */
    add: (html: string): void => {
      const { text } = draft.content;
      if (text !== null) replace('', '', `${text}\n${textOf(html)}`);
      else if (editor.current === null) replace(own.current + html, quoted, null);
      else editor.current.commands.insertContentAt(editor.current.state.doc.content.size, html);
    },
    insert: (html: string): void => {
      if (draft.content.text !== null) {
        const added = [draft.content.text, textOf(html)].filter((part) => part !== '').join('\n');
        replace('', '', added);
      } else if (editor.current === null) replace(own.current + html, quoted, null);
      else editor.current.chain().focus().insertContent(html).run();
    },
  };
}

interface Props {
  readonly draft: Draft;
  readonly body: ReturnType<typeof useBody>;
  readonly autoFocus: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Where one writes, then the signature, then what is quoted. */
export function Body({ draft, body, autoFocus, onFiles }: Props) {
  const { words } = useLanguage();
  const commands = useCommands();
  const { content, key } = draft;
  const focus = autoFocus || body.version > 0;
  return (
    <>
      {content.text !== null ? (
        <PlainText key={body.version} text={content.text} autoFocus={focus} onChange={body.writeText} />
      ) : (
        <Suspense fallback={<p className="editor-waiting soft">{words.compose.editorLoading}</p>}>
          <Editor
            key={body.version}
            html={body.editable}
            attachments={content.attachments}
            autoFocus={focus}
            onChange={body.write}
            onFiles={onFiles}
            onPicture={(file, cid) => void commands.run('attach-picture', { draft: key, file, cid })}
            onReady={body.ready}
          />
        </Suspense>
      )}
      {content.signature !== null && (
        <SignatureBlock
          signature={content.signature}
          plain={content.text !== null}
          onRemove={() => void commands.run('edit', { draft: key, change: { signature: null } })}
        />
      )}
      {body.quoted !== '' && <Quoted html={body.quoted} onEdit={() => body.takeQuoted(true)} onRemove={() => body.takeQuoted(false)} />}
    </>
  );
}
