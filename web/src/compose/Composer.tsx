import { ChevronUp, Maximize2, Minimize2, Minus, Paperclip, Send, Trash2, X } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, lazy, Suspense, useId, useRef, useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import type { Draft, DraftContent, DraftKey } from '../store/types.ts';
import { Button } from '../ui/Button.tsx';
import { useCommands, useRead, useStoreItself } from '../ui/client.tsx';
import { Slot } from '../ui/features.tsx';
import { obstacleTo, type Question, questionsBefore } from './checks.ts';
import { Fields } from './Fields.tsx';
import { Files } from './Files.tsx';
import { Quoted } from './Quoted.tsx';
import { splitDraft, wordsOf } from './quoted.ts';
import { Refusal } from './Refusal.tsx';
import { SaveState } from './SaveState.tsx';
import { SendQuestion } from './SendQuestion.tsx';

const Editor = lazy(() => import('./Editor.tsx').then((module) => ({ default: module.Editor })));

interface Props {
  readonly draft: DraftKey;
  readonly minimised: boolean;
  readonly onDiscard: () => void;
}

/** One message being written. It never covers a question with itself and never closes without keeping the draft. */
export function Composer({ draft: key, minimised, onDiscard }: Props) {
  const draft = useRead((store) => store.draft(key));
  if (draft === null) return null;
  return minimised ? (
    <MinimisedComposer draft={draft} />
  ) : (
    <OpenComposer draft={draft} onDiscard={onDiscard} />
  );
}

function MinimisedComposer({ draft }: { readonly draft: Draft }) {
  const { words } = useLanguage();
  const commands = useCommands();
  const subject = draft.content.subject || words.compose.new;
  return (
    <section className="composer composer-small" aria-label={words.compose.region(subject)}>
      <button
        type="button"
        className="composer-restore"
        onClick={() => void commands.run('minimise-composer', { draft: draft.key, minimised: false })}
      >
        <ChevronUp aria-hidden="true" size={18} strokeWidth={1.75} />
        <span>{subject}</span>
      </button>
      <Button
        icon={X}
        wordless
        small
        label={words.compose.close}
        onClick={() => void commands.run('close-composer', { draft: draft.key })}
      />
    </section>
  );
}

function OpenComposer({ draft, onDiscard }: { readonly draft: Draft; readonly onDiscard: () => void }) {
  const { words, size } = useLanguage();
  const commands = useCommands();
  const store = useStoreItself();
  const limit = useRead((store) => store.me()?.limits.attachmentBytes ?? Infinity);
  const [problem, setProblem] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const [questions, setQuestions] = useState<readonly Question[]>([]);
  const [start] = useState(() => splitDraft(draft.content.html));
  const [editable, setEditable] = useState(start.own);
  const [version, setVersion] = useState(0);
  const [wide, setWide] = useState(false);
  const own = useRef(start.own);
  const quoted = useRef(start.quoted);
  const [hasQuoted, setHasQuoted] = useState(start.quoted !== '');
  const over = useRef<HTMLElement>(null);
  const heading = useId();
  const files = useRef<HTMLInputElement>(null);
  const subject = draft.content.subject || words.compose.new;

  const edit = (change: Partial<DraftContent>): void => {
    setMissing(false);
    void commands.run('edit', { draft: draft.key, change });
  };
  const editBody = (html: string): void => {
    own.current = html;
    edit({ html: html + quoted.current });
  };
  /** Bring what is quoted into the editor, or leave it out. */
  const takeQuoted = (into: boolean): void => {
    const html = into ? `${own.current || '<p></p>'}${quoted.current}` : own.current;
    quoted.current = '';
    own.current = html;
    setHasQuoted(false);
    setEditable(html);
    setVersion(version + 1);
    edit({ html });
  };
  const attach = (added: readonly File[]): void => {
    setProblem(null);
    const fitting: File[] = [];
    let total = [...draft.content.attachments, ...draft.uploads].reduce((sum, file) => sum + file.size, 0);
    for (const file of added) {
      if (total + file.size > limit) setProblem(words.compose.tooLarge(file.name, size(limit)));
      else {
        total += file.size;
        fitting.push(file);
      }
    }
    if (fitting.length > 0) void commands.run('attach', { draft: draft.key, files: fitting });
  };
  const leave = (): void => {
    void commands.run('send', { draft: draft.key });
    focusPage();
  };
  const check = (now: Draft): void => {
    const obstacle = obstacleTo(now);
    setMissing(obstacle === 'no-recipient');
    setProblem(obstacle === 'uploading' ? words.compose.uploading : null);
    if (obstacle !== null) return;
    const asked = questionsBefore(now, wordsOf(own.current));
    setQuestions(asked);
    if (asked.length === 0) leave();
  };
  const send = (): void => {
    // What is typed in a field of addresses counts: leaving the field takes it.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    requestAnimationFrame(() => check(store.draft(draft.key) ?? draft));
  };
  const close = (): void => {
    void commands.run('close-composer', { draft: draft.key });
    focusPage();
  };
  const discard = (): void => {
    if (draft.state === 'new') void commands.run('discard-draft', { draft: draft.key });
    else onDiscard();
    focusPage();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      send();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
  };
  const drop = (event: DragEvent): void => {
    if (over.current !== null) delete over.current.dataset['drop'];
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    attach([...event.dataTransfer.files]);
  };
  const answering = draft.content.to.length > 0;

  return (
    <section
      ref={over}
      className={wide ? 'composer composer-wide' : 'composer'}
      role="dialog"
      aria-labelledby={heading}
      data-draft={draft.key}
      onKeyDownCapture={(event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && onKeyDown(event)}
      onKeyDown={onKeyDown}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        if (over.current !== null) over.current.dataset['drop'] = 'true';
      }}
      onDragLeave={(event) => {
        if (over.current !== null && !over.current.contains(event.relatedTarget as Node | null)) delete over.current.dataset['drop'];
      }}
      onDrop={drop}
    >
      <div className="composer-head">
        <h2 id={heading}>{subject}</h2>
        <SaveState draft={draft} />
        <Button
          icon={Minus}
          wordless
          small
          label={words.compose.minimise}
          className="composer-minimise"
          onClick={() => {
            void commands.run('minimise-composer', { draft: draft.key, minimised: true });
            focusPage();
          }}
        />
        <Button
          icon={wide ? Minimize2 : Maximize2}
          wordless
          small
          label={wide ? words.compose.shrink : words.compose.enlarge}
          className="composer-enlarge"
          onClick={() => setWide(!wide)}
        />
        <Button icon={X} wordless small label={words.compose.close} hint={words.keys.escape} onClick={close} />
      </div>
      <Refusal draft={draft} />
      <Slot name="ComposerTop" with={{ draft }} />
      <div className="composer-scroll">
        <Fields draft={draft} autoFocus={!answering} missing={missing} onEdit={edit} />
        <Suspense fallback={<p className="editor-waiting soft">{words.compose.editorLoading}</p>}>
          <Editor key={version} html={editable} autoFocus={answering || version > 0} onChange={editBody} onFiles={attach} />
        </Suspense>
        {hasQuoted && <Quoted html={start.quoted} onEdit={() => takeQuoted(true)} onRemove={() => takeQuoted(false)} />}
        <Files draft={draft} />
      </div>
      {problem !== null && (
        <p className="composer-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="composer-foot">
        <Button icon={Send} label={words.compose.send} look="primary" hint={`${words.keys.ctrl}+${words.keys.enter}`} data-act="send" onClick={send} />
        <Button icon={Paperclip} label={words.compose.attach} className="composer-attach" onClick={() => files.current?.click()} />
        <input
          ref={files}
          type="file"
          multiple
          hidden
          aria-label={words.compose.attach}
          onChange={(event) => {
            attach([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        <Slot name="ComposerTools" with={{ draft }} />
        <span className="grow" />
        <Button icon={Trash2} wordless label={words.compose.discard} onClick={discard} />
      </div>
      <p className="drop-word" aria-hidden="true">
        {words.compose.drop}
      </p>
      {questions[0] !== undefined && (
        <SendQuestion
          question={questions[0]}
          onBack={() => setQuestions([])}
          onSend={() => {
            const rest = questions.slice(1);
            setQuestions(rest);
            if (rest.length === 0) leave();
          }}
        />
      )}
    </section>
  );
}

/** Where the keys go once a composer is gone. */
function focusPage(): void {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>('#conversations [tabindex="0"]');
    (row ?? document.getElementById('reading'))?.focus({ preventScroll: true });
  });
}
