import './followup.css';

import { type SyntheticEvent, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { moreWords } from './more-words.ts';
import { choicesAt, localText, utc } from './times.ts';
import { words } from './words.ts';

/** When shall it come back? */
export function LaterSheet({ onClose }: { readonly onClose: () => void }) {
  const language = useLanguage();
  const text = useWords(words);
  const more = useWords(moreWords);
  const { commands, services } = useClient();
  const [now] = useState(() => services.now());
  const choices = choicesAt(now);
  const [typed, setTyped] = useState(() => localText(choices.at(-1)?.at ?? now));
  const [past, setPast] = useState(false);
  const putOff = (at: Date): void => {
    onClose();
    void commands.run('put-away', { until: utc(at), text: more.done(language.longDate(at.toISOString())) });
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const at = new Date(typed);
    if (at.getTime() > services.now().getTime()) putOff(at);
    else setPast(true);
  };
  return (
    <Dialog title={text.later} onClose={onClose}>
      <ul className="move-list">
        {choices.map(({ key, at }, index) => (
          <li key={key}>
            <button type="button" className="menu-line later-line" {...(index === 0 ? { 'data-first': true } : {})} onClick={() => putOff(at)}>
              <span className="menu-word">{more[key]}</span>
              <span className="soft">{language.longDate(at.toISOString())}</span>
            </button>
          </li>
        ))}
      </ul>
      <form className="stack later-form" onSubmit={submit}>
        <label className="label" htmlFor="later-date">
          {more.date}
        </label>
        <input
          id="later-date"
          className="input"
          type="datetime-local"
          value={typed}
          min={localText(now)}
          aria-invalid={past}
          aria-describedby={past ? 'later-past' : undefined}
          onChange={(event) => {
            setTyped(event.target.value);
            setPast(false);
          }}
        />
        {past && (
          <p id="later-past" className="field-error" role="alert">
            {more.past}
          </p>
        )}
        <Button type="submit" look="outline" label={more.choose} />
      </form>
      <p className="soft">{more.explain}</p>
    </Dialog>
  );
}
