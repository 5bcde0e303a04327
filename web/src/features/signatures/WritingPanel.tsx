import { useId, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import { type WritingChoices, writingChoices } from '../../store/writing/writing-choices.ts';
import type { Me } from '../../store/types.ts';
import { useCommands } from '../../ui/client.tsx';
import { IdentityForm } from './IdentityForm.tsx';
import { WORDS } from './words.ts';
import './signatures.css';

/** How one writes; each choice holds at once. */
export function WritingPanel({ me }: { readonly me: Me }) {
  const words = useWords(WORDS);
  const commands = useCommands();
  const choices = writingChoices(me);
  const [at, setAt] = useState(0);
  const id = useId();
  const identity = me.identities[at] ?? me.identities[0];
  const save = (change: Partial<WritingChoices>): void => {
    void commands.run('save-settings', { section: 'writing', value: { ...choices, ...change } });
  };
  return (
    <div className="settings">
      <fieldset className="choice">
        <legend className="choice-legend">{words.addresses}</legend>
        {me.identities.length > 1 && (
          <label className="choice-option">
            <span className="hidden-words">{words.which}</span>
            <select className="input" value={at} onChange={(event) => setAt(Number(event.target.value))}>
              {me.identities.map((one, index) => (
                <option key={one.email} value={index}>
                  {one.name} – {one.email}
                </option>
              ))}
            </select>
          </label>
        )}
        {identity !== undefined && <IdentityForm key={identity.email} me={me} identity={identity} choices={choices} onSave={save} />}
        <p className="soft">{words.replyRule}</p>
      </fieldset>
      <div className="choice">
        <Radios
          name={`${id}-format`}
          legend={words.format}
          value={choices.format}
          options={[
            ['html', words.html],
            ['plain', words.plain],
          ]}
          onChoose={(format) => save({ format })}
        />
        {choices.format === 'html' && (
          <label className="choice-option">
            <input type="checkbox" checked={choices.plainToPlain} onChange={(event) => save({ plainToPlain: event.target.checked })} />
            {words.plainToPlain}
          </label>
        )}
      </div>
      <div className="choice">
        <Radios
          name={`${id}-answer`}
          legend={`${words.receipts} – ${words.answer}`}
          value={choices.answerReceipts}
          options={[
            ['ask', words.ask],
            ['always', words.always],
            ['never', words.never],
          ]}
          onChoose={(answerReceipts) => save({ answerReceipts })}
        />
        <label className="choice-option">
          <input type="checkbox" checked={choices.askReceipt} onChange={(event) => save({ askReceipt: event.target.checked })} />
          {words.askReceipt}
        </label>
      </div>
      <p className="soft">{words.saved}</p>
    </div>
  );
}

interface RadiosProps<Value extends string> {
  readonly name: string;
  readonly legend: string;
  readonly value: Value;
  readonly options: readonly (readonly [Value, string])[];
  readonly onChoose: (value: Value) => void;
}

export function Radios<Value extends string>({ name, legend, value, options, onChoose }: RadiosProps<Value>) {
  return (
    <fieldset className="choice">
      <legend className="choice-legend">{legend}</legend>
      <div className="choice-options">
        {options.map(([option, label]) => (
          <label key={option} className="choice-option">
            <input type="radio" name={name} checked={option === value} onChange={() => onChoose(option)} />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
