import { useId, useState } from 'react';

import type { Person } from '../../commands/types.ts';
import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { useCommands } from '../../ui/client.tsx';
import { SilentDirectory } from '../../ui/SilentDirectory.tsx';
import { WORDS } from './words.ts';

interface Props {
  readonly me: Me;
  readonly typed: string;
  readonly wrong: boolean;
  readonly onType: (typed: string) => void;
  readonly onChoose: (person: { readonly email: string; readonly name: string } | null) => void;
}

const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** A colleague of the directory, by name or address; where it can't be asked, by the whole address: the server knows whose it is. */
export function PersonField({ me, typed, wrong, onType, onChoose }: Props) {
  const words = useWords(WORDS);
  const commands = useCommands();
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [silent, setSilent] = useState(false);
  const id = useId();
  const type = (text: string): void => {
    onType(text);
    const known = people.find(({ email, name }) => email === text.trim() || name === text.trim());
    onChoose(known ?? null);
    if (known !== undefined || text.trim().length < 2) return;
    void commands.people(text).then(({ found, silent: unheard }) => {
      setPeople(found.filter(({ email }) => email !== me.address));
      setSilent(unheard);
      const whole = unheard && ADDRESS.test(text.trim()) ? { email: text.trim(), name: text.trim() } : null;
      onChoose(found.find(({ email }) => email === text.trim()) ?? whole);
    });
  };
  return (
    <div>
      <label className="label" htmlFor={id}>
        {words.who}
      </label>
      <input
        id={id}
        className="input"
        list={`${id}-people`}
        autoComplete="off"
        placeholder={words.whoHint}
        value={typed}
        aria-required
        aria-invalid={wrong}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        onChange={(event) => type(event.target.value)}
      />
      <datalist id={`${id}-people`}>
        {people.map(({ name, email, detail }) => (
          <option key={email} value={email}>
            {detail === '' ? name : `${name}, ${detail}`}
          </option>
        ))}
      </datalist>
      <SilentDirectory silent={silent} />
      {wrong && (
        <p id={`${id}-wrong`} className="field-error" role="alert">
          {words.unknown}
        </p>
      )}
    </div>
  );
}
