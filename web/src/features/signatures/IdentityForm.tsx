import { lazy, useEffect, useId, useMemo, useRef, useState } from 'react';

import { isAddress } from '../../compose/recipients/addresses.ts';
import { cleanSignature } from '../../compose/SignatureBlock.tsx';
import { useWords } from '../../i18n/words.ts';
import { plainOf } from '../../store/words/plain.ts';
import { academySignature, type IdentityChoice, identityChoice, type WritingChoices } from '../../store/writing/writing-choices.ts';
import type { Identity, Me, Signature } from '../../store/types.ts';
import { Apart, Unloaded } from '../../ui/Apart.tsx';
import { Radios } from './WritingPanel.tsx';
import { WORDS } from './words.ts';

const Editor = lazy(() => import('../../compose/editor/Editor.tsx').then((module) => ({ default: module.Editor })));
const LONGEST = 8000;
const PAUSE_MS = 600;

interface Props {
  readonly me: Me;
  readonly identity: Identity;
  readonly choices: WritingChoices;
  readonly onSave: (change: Partial<WritingChoices>) => void;
}

/** What belongs to one address. */
export function IdentityForm({ me, identity, choices, onSave }: Props) {
  const words = useWords(WORDS);
  const id = useId();
  const key = identity.email.toLowerCase();
  const choice = identityChoice(me, key);
  const academy = academySignature(me, identity);
  const imposed = me.signature.mode === 'imposed' && academy !== null;
  const save = (change: Partial<IdentityChoice>): void => {
    onSave({ identities: { ...choices.identities, [key]: { ...choice, ...change } } });
  };
  const first = me.identities[0]?.email.toLowerCase();
  const isDefault = (choices.defaultFrom === '' ? first : choices.defaultFrom.toLowerCase()) === key;
  return (
    <div className="identity">
      {me.identities.length > 1 && (
        <label className="choice-option">
          <input type="checkbox" checked={isDefault} onChange={(event) => onSave({ defaultFrom: event.target.checked ? identity.email : '' })} />
          {words.byDefault}
        </label>
      )}
      <ReplyTo id={`${id}-reply`} value={choice.replyTo} onSave={(replyTo) => save({ replyTo })} />
      {imposed ? <Academy signature={academy} words={words.imposed} /> : <Chosen choice={choice} academy={academy} onSave={save} />}
    </div>
  );
}

interface ChosenProps {
  readonly choice: IdentityChoice;
  readonly academy: Signature | null;
  readonly onSave: (change: Partial<IdentityChoice>) => void;
}

function Chosen({ choice, academy, onSave }: ChosenProps) {
  const words = useWords(WORDS);
  const id = useId();
  return (
    <>
      <Radios
        name={id}
        legend={words.signature}
        value={choice.signature}
        options={[
          ['none', words.none],
          ['own', words.own],
          ...(academy === null ? [] : [['academy', words.academy] as const]),
        ]}
        onChoose={(signature) => onSave({ signature })}
      />
      {choice.signature === 'own' && <Own html={choice.html} onSave={onSave} />}
      {choice.signature === 'academy' && academy !== null && <Academy signature={academy} words={words.offered} />}
      {choice.signature !== 'none' && (
        <label className="choice-option">
          <input type="checkbox" checked={choice.onReplies} onChange={(event) => onSave({ onReplies: event.target.checked })} />
          {words.onReplies}
        </label>
      )}
    </>
  );
}

function Academy({ signature, words }: { readonly signature: Signature; readonly words: string }) {
  const html = useMemo(() => cleanSignature(signature.html), [signature.html]);
  return (
    <>
      <p className="soft">{words}</p>
      <div className="signature-preview" dangerouslySetInnerHTML={{ __html: html }} />
    </>
  );
}

/** Saved a moment after the last key; and when it is left. */
function Own({ html, onSave }: { readonly html: string; readonly onSave: (change: Partial<IdentityChoice>) => void }) {
  const words = useWords(WORDS);
  const [tooLong, setTooLong] = useState(false);
  const [start] = useState(html);
  const waiting = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const saving = useRef(onSave);
  useEffect(() => {
    saving.current = onSave;
  });
  const flush = (): void => {
    clearTimeout(timer.current);
    const written = waiting.current;
    waiting.current = null;
    if (written === null || written.length > LONGEST) return;
    saving.current({ html: closed(written), text: plainOf(closed(written)) });
  };
  const flushing = useRef(flush);
  useEffect(() => {
    flushing.current = flush;
  });
  useEffect(() => () => flushing.current(), []);
  return (
    <div className="signature-editor">
      <Apart instead={<Unloaded />}>
        <Editor
          html={start}
          attachments={[]}
          autoFocus={false}
          label={words.text}
          onChange={(written) => {
            setTooLong(written.length > LONGEST);
            waiting.current = written;
            clearTimeout(timer.current);
            timer.current = setTimeout(() => flushing.current(), PAUSE_MS);
          }}
        />
      </Apart>
      {tooLong && (
        <p className="field-error" role="alert">
          {words.tooLong}
        </p>
      )}
    </div>
  );
}

/** Lines stand close to each other at the reader's too. */
function closed(html: string): string {
  return html.replaceAll('<p>', '<p style="margin:0">');
}

function ReplyTo({ id, value, onSave }: { readonly id: string; readonly value: string; readonly onSave: (value: string) => void }) {
  const words = useWords(WORDS);
  const [typed, setTyped] = useState(value);
  const wrong = typed.trim() !== '' && !isAddress(typed.trim());
  return (
    <p>
      <label htmlFor={id}>{words.replyTo}</label>
      <input
        id={id}
        className="input"
        type="email"
        value={typed}
        aria-invalid={wrong}
        aria-describedby={`${id}-hint`}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => {
          if (!wrong && typed.trim() !== value) onSave(typed.trim());
        }}
      />
      <span id={`${id}-hint`} className={wrong ? 'field-error' : 'soft'}>
        {wrong ? words.badReplyTo : words.replyToHint}
      </span>
    </p>
  );
}
