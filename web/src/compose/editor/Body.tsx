import type { Editor as TextEditor } from '@tiptap/react';
import { Type } from 'lucide-react';
import { lazy, useRef, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { plainOf } from '../../store/words/plain.ts';
import type { Draft, DraftContent } from '../../store/types.ts';
import { Apart, Unloaded } from '../../ui/Apart.tsx';
import { Button } from '../../ui/Button.tsx';
import { useCommands } from '../../ui/client.tsx';
import { PlainText } from './PlainText.tsx';
import { Quoted } from './Quoted.tsx';
import { openField, selectField } from './openfields.ts';
import { splitDraft } from './quoted.ts';
import { SignatureBlock } from '../SignatureBlock.tsx';
import { richOf, textOf } from './text.ts';
import { WRITING_WORDS } from '../writing-words.ts';
import '../body.css';

const Editor = lazy(() => import('./Editor.tsx').then((module) => ({ default: module.Editor })));

/** The text of a draft as it is being edited: what one writes, and what one quotes below it. */
export function useBody(draft: Draft, edit: (change: Partial<DraftContent>) => void) {
  const [start] = useState(() => (draft.content.text === null ? splitDraft(draft.content.html) : { own: '', quoted: '' }));
  const [editable, setEditable] = useState(start.own);
  const [version, setVersion] = useState(0);
  const [quoted, setQuoted] = useState(start.quoted);
  const own = useRef(start.own);
  const editor = useRef<TextEditor | null>(null);
  /** Where one stands in a plain text. */
  const caret = useRef<readonly [number, number]>([0, 0]);
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
    caret,
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
      else replace(richOf(draft.content.text ?? ''), '', null);
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
        const { text } = draft.content;
        const [from, to] = caret.current;
        const added = textOf(html);
        const field = openField(added);
        const start = from + (field === null ? added.length : added.indexOf(field));
        caret.current = [start, start + (field?.length ?? 0)];
        replace('', '', text.slice(0, from) + added + text.slice(to));
      } else if (editor.current === null) replace(own.current + html, quoted, null);
      else {
        editor.current.chain().focus().insertContent(html).run();
        selectField(editor.current);
      }
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
  const more = useWords(WRITING_WORDS);
  const commands = useCommands();
  const { content, key } = draft;
  const focus = autoFocus || body.version > 0;
  return (
    <>
      {content.text !== null ? (
        <>
          <PlainText key={body.version} text={content.text} autoFocus={focus} caretRef={body.caret} onChange={body.writeText} />
          <div className="plain-foot">
            <span className="soft">{more.plainHere}</span>
            <Button label={more.toRich} icon={Type} small onClick={() => body.setPlain(false)} />
          </div>
        </>
      ) : (
        <Apart waiting={<p className="editor-waiting soft">{words.compose.editorLoading}</p>} instead={<Unloaded />}>
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
        </Apart>
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
