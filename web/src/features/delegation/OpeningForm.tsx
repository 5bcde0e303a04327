import { useId, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { dayOf, daysLater, spanOf } from './days.ts';
import { FolderChoice } from './FolderChoice.tsx';
import { PersonField } from './PersonField.tsx';
import type { Delegations, Opening, Right } from './service.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly me: Me;
  readonly told: Delegations;
  readonly onOpen: (opening: Opening, name: string) => Promise<boolean>;
}

type Wrong = 'who' | 'folders' | 'days';
const A_MONTH = 30;

/** To whom, how far, what, from when to when. */
export function OpeningForm({ me, told, onOpen }: Props) {
  const words = useWords(WORDS);
  const { services } = useClient();
  const [now] = useState(() => services.now());
  const [who, setWho] = useState<{ readonly email: string; readonly name: string } | null>(null);
  const [typed, setTyped] = useState('');
  const [right, setRight] = useState<Right>('read');
  const [folders, setFolders] = useState<readonly string[] | null>(null);
  const [from, setFrom] = useState(dayOf(now));
  const [to, setTo] = useState(dayOf(daysLater(now, Math.min(A_MONTH, told.longestDays))));
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [sending, setSending] = useState(false);
  const id = useId();
  const choose = (person: typeof who): void => {
    setWho(person);
    if (person !== null && wrong === 'who') setWrong(null);
  };
  const submit = async (event: { preventDefault: () => void }): Promise<void> => {
    event.preventDefault();
    const span = spanOf(from, to, services.now(), told.longestDays);
    const missing: Wrong | null = who === null ? 'who' : folders?.length === 0 ? 'folders' : span === null ? 'days' : null;
    setWrong(missing);
    if (missing !== null || who === null || span === null) return;
    setSending(true);
    const done = await onOpen({ to: who.email, right, folders: folders ?? [], ...span }, who.name);
    setSending(false);
    if (!done) return;
    setWho(null);
    setTyped('');
  };
  return (
    <form className="delegation-form" aria-label={words.open} onSubmit={(event) => void submit(event)}>
      <h4 className="delegation-heading">{words.open}</h4>
      <p className="soft">{words.needed}</p>
      <PersonField me={me} typed={typed} wrong={wrong === 'who'} onType={setTyped} onChoose={choose} />
      <fieldset>
        <legend className="label">{words.may}</legend>
        {told.rights.map((one) => (
          <div key={one}>
            <label className="choice-option">
              <input type="radio" name={`${id}-right`} checked={right === one} onChange={() => setRight(one)} />
              {words[one]}
            </label>
          </div>
        ))}
      </fieldset>
      <FolderChoice me={me} chosen={folders} wrong={wrong === 'folders'} onChoose={setFolders} />
      <div className="delegation-dates">
        <label>
          <span className="label">{words.since}</span>
          <input className="input" type="date" required min={dayOf(now)} value={from} aria-invalid={wrong === 'days'} aria-describedby={wrong === 'days' ? `${id}-days` : undefined} onChange={(event) => setFrom(event.target.value)} />
        </label>
        <label>
          <span className="label">{words.to}</span>
          <input className="input" type="date" required min={from} value={to} aria-invalid={wrong === 'days'} aria-describedby={wrong === 'days' ? `${id}-longest ${id}-days` : `${id}-longest`} onChange={(event) => setTo(event.target.value)} />
        </label>
      </div>
      <p id={`${id}-longest`} className="soft">
        {words.longest(told.longestDays)}
      </p>
      {wrong === 'days' && (
        <p id={`${id}-days`} className="field-error" role="alert">
          {words.wrongDays}
        </p>
      )}
      <div>
        <Button type="submit" look="primary" label={words.submit} disabled={sending} />
      </div>
    </form>
  );
}
