import { ChevronUp, Maximize2, Minimize2, Minus, Paperclip, Send, Trash2, X } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import type { Draft, DraftContent, DraftKey } from '../store/types.ts';
import { Button } from '../ui/Button.tsx';
import { useCommands, useRead } from '../ui/client.tsx';
import { Slot, useFeatures, usePage } from '../ui/features.tsx';
import { Body, useBody } from './editor/Body.tsx';
import { Fields } from './Fields.tsx';
import { Files } from './files/Files.tsx';
import { attachFolder, dropFolders } from './files/folders.ts';
import { Notices } from './Notices.tsx';
import { ChosenOptions, Options } from './Options.tsx';
import { Refusal } from './Refusal.tsx';
import { SaveState } from './SaveState.tsx';
import { SendQuestion } from './SendQuestion.tsx';
import { useSending } from './useSending.ts';

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
    <div role="group" className="composer composer-small" aria-label={words.compose.region(subject)}>
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
    </div>
  );
}

function OpenComposer({ draft, onDiscard }: { readonly draft: Draft; readonly onDiscard: () => void }) {
  const { words, size } = useLanguage();
  const commands = useCommands();
  const page = usePage();
  const features = useFeatures();
  const limit = useRead((store) => store.me()?.limits.attachmentBytes ?? Infinity);
  const sending = useSending(draft, focusPage);
  const [wide, setWide] = useState(false);
  const over = useRef<HTMLElement>(null);
  const heading = useId();
  const files = useRef<HTMLInputElement>(null);
  const subject = draft.content.subject || words.compose.new;

  const edit = (change: Partial<DraftContent>): void => {
    sending.setMissing(false);
    void commands.run('edit', { draft: draft.key, change });
  };
  const body = useBody(draft, edit);
  const attach = (chosen: readonly File[]): void => {
    sending.setProblem(null);
    if (attachFolder(commands, draft, chosen, attach)) return;
    const added = features.reduce<readonly File[]>((left, feature) => feature.takeFiles?.(page, { draft, files: left, insert: body.add }) ?? left, chosen);
    const fitting: File[] = [];
    const inside = draft.uploads.filter(({ apart }) => apart !== true);
    let total = [...draft.content.attachments, ...inside].reduce((sum, file) => sum + file.size, 0);
    for (const file of added) {
      if (total + file.size > limit) sending.setProblem(words.compose.tooLarge(file.name, size(limit)));
      else {
        total += file.size;
        fitting.push(file);
      }
    }
    if (fitting.length > 0) void commands.run('attach', { draft: draft.key, files: fitting });
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
      sending.send(null);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
  };
  const drop = (event: DragEvent): void => {
    if (over.current !== null) delete over.current.dataset['drop'];
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    if (!dropFolders(commands, draft, event.dataTransfer, attach)) attach([...event.dataTransfer.files]);
  };
  const answering = draft.content.to.length > 0;
  useKeysUntilReady(over);

  return (
    <section
      ref={over}
      className={wide ? 'composer composer-wide' : 'composer'}
      role="dialog"
      tabIndex={-1}
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
      onDropCapture={() => {
        if (over.current !== null) delete over.current.dataset['drop'];
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
        <Button icon={X} wordless small label={words.compose.close} act="back" onClick={close} />
      </div>
      <Refusal draft={draft} />
      <Notices draft={draft} send={sending.send} />
      <Slot name="ComposerTop" with={{ draft }} />
      <div className="composer-scroll">
        <Fields draft={draft} autoFocus={!answering} missing={sending.missing} onEdit={edit} />
        <ChosenOptions draft={draft} onEdit={edit} />
        <Body draft={draft} body={body} autoFocus={answering} onFiles={attach} />
        <Files draft={draft} />
      </div>
      {sending.problem !== null && (
        <p className="composer-problem" role="alert">
          {sending.problem}
        </p>
      )}
      <div className="composer-foot">
        <Button
          icon={Send}
          label={words.compose.send}
          look="primary"
          act="send"
          data-act="send"
          onClick={() => sending.send(null)}
        />
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
        <Slot name="ComposerTools" with={{ draft, send: sending.send, insert: body.insert, add: body.add, attach }} />
        <span className="grow" />
        <Options draft={draft} onEdit={edit} onPlain={body.setPlain} />
        <Button icon={Trash2} wordless label={words.compose.discard} onClick={discard} />
      </div>
      <p className="drop-word" aria-hidden="true">
        {words.compose.drop}
      </p>
      {sending.question !== null && <SendQuestion key={sending.question.kind} question={sending.question} onBack={sending.takeBack} onSend={sending.answered} onHide={sending.hide} />}
    </section>
  );
}

/** What is pressed before the text can take it must not act on the page below: the sheet has the keys until then. */
function useKeysUntilReady(sheet: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (sheet.current?.contains(document.activeElement) === false) sheet.current.focus({ preventScroll: true });
  }, [sheet]);
}

/** Where the keys go once a composer is gone. */
function focusPage(): void {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>('#conversations [tabindex="0"]');
    (row ?? document.getElementById('reading'))?.focus({ preventScroll: true });
  });
}
