import { X } from 'lucide-react';
import { useId } from 'react';

import { useWords } from '../../i18n/words.ts';
import { type ImageChoices, imageChoices } from '../../render/consent.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands } from '../../ui/client.tsx';
import { WORDS } from './words.ts';
import './images.css';

/** Ask or never; and whose images are shown without asking. */
export function ImagesPanel({ me }: { readonly me: Me }) {
  const words = useWords(WORDS);
  const commands = useCommands();
  const name = useId();
  const choices = imageChoices(me);
  const save = (changed: Partial<ImageChoices>): void => {
    void commands.run('save-settings', { section: 'images', value: { ...choices, ...changed } });
  };
  return (
    <div className="settings">
      <p className="soft">{words.why}</p>
      <fieldset className="choice">
        <legend className="choice-legend">{words.legend}</legend>
        <div className="choice-options">
          {(['ask', 'never'] as const).map((mode) => (
            <label key={mode} className="choice-option">
              <input type="radio" name={name} checked={choices.mode === mode} onChange={() => save({ mode })} />
              {words[mode]}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="choice">
        <h3 className="choice-legend">{words.senders}</h3>
        {choices.senders.length === 0 && <p className="soft">{words.none}</p>}
        <ul className="image-senders">
          {choices.senders.map((sender) => (
            <li key={sender}>
              <span>{sender}</span>{' '}
              <Button
                icon={X}
                wordless
                small
                label={words.remove(sender)}
                onClick={() => save({ senders: choices.senders.filter((one) => one !== sender) })}
              />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
