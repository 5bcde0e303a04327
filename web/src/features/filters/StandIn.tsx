import { useId, useState } from 'react';

import type { People } from '../../commands/types.ts';
import { useWords } from '../../i18n/words.ts';
import { useCommands } from '../../ui/client.tsx';
import { SilentDirectory } from '../../ui/SilentDirectory.tsx';
import type { Absence } from './rules.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly standIn: Absence['standIn'];
  readonly mayPassOn: boolean;
  readonly onChange: (standIn: Absence['standIn']) => void;
}

/** Who stands in: found in the directory by name or address. */
export function StandIn({ standIn, mayPassOn, onChange }: Props) {
  const { away } = useWords(WORDS);
  const commands = useCommands();
  const [{ found: people, silent }, setPeople] = useState<People>({ found: [], silent: false });
  const list = useId();
  const type = (email: string): void => {
    const known = people.find((person) => person.email === email);
    const name = known?.name ?? standIn?.name ?? '';
    onChange(email.trim() === '' ? null : { name, email: email.trim(), passOn: standIn?.passOn ?? false });
    if (known === undefined && email.trim().length > 1) void commands.people(email).then(setPeople);
  };
  return (
    <fieldset className="rule-part">
      <legend className="label">{away.standIn}</legend>
      <div className="dates">
        <input className="input" list={list} aria-label={away.standInHint} placeholder={away.standInHint} value={standIn?.email ?? ''} onChange={(event) => type(event.target.value)} />
        {standIn !== null && (
          <input className="input" maxLength={100} aria-label={away.standInName} placeholder={away.standInName} value={standIn.name} onChange={(event) => onChange({ ...standIn, name: event.target.value })} />
        )}
      </div>
      <datalist id={list}>
        {people.map(({ name, email }) => (
          <option key={email} value={email}>
            {name}
          </option>
        ))}
      </datalist>
      <SilentDirectory silent={silent} />
      {standIn !== null && mayPassOn && (
        <label className="choice-option">
          <input type="checkbox" checked={standIn.passOn} onChange={(event) => onChange({ ...standIn, passOn: event.target.checked })} />
          {away.passOn}
        </label>
      )}
    </fieldset>
  );
}
