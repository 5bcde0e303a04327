import { useId, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { forField, fromField, zoneOf } from './moments.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly start: Date;
  readonly now: Date;
  readonly onChosen: (moment: Date) => void;
  readonly onClose: () => void;
}

/** A date and a time to come. */
export function MomentDialog({ start, now, onChosen, onClose }: Props) {
  const words = useWords(WORDS);
  const [text, setText] = useState(forField(start));
  const [wrong, setWrong] = useState(false);
  const id = useId();
  const choose = (): void => {
    const moment = fromField(text, now);
    setWrong(moment === null);
    if (moment !== null) onChosen(moment);
  };
  return (
    <Dialog
      title={words.later}
      onClose={onClose}
      footer={
        <>
          <Button label={words.cancel} look="outline" onClick={onClose} />
          <Button label={words.schedule} look="primary" onClick={choose} />
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose();
        }}
      >
        <label htmlFor={id} className="choice-legend">
          {words.moment}
        </label>
        <input
          id={id}
          className="input"
          type="datetime-local"
          value={text}
          min={forField(now)}
          aria-invalid={wrong}
          aria-describedby={wrong ? `${id}-zone ${id}-past` : `${id}-zone`}
          onChange={(event) => setText(event.target.value)}
        />
        <p id={`${id}-zone`} className="soft">
          {words.zone(zoneOf(start))}
        </p>
        {wrong && (
          <p id={`${id}-past`} className="field-error" role="alert">
            {words.past}
          </p>
        )}
      </form>
    </Dialog>
  );
}
