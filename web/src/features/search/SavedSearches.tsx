import './search.css';

import { ArrowUp, Search, Settings2, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { searchWords } from './more-words.ts';
import { type SavedSearch, savedSearches } from './saved.ts';

/** In the left pane: the searches one has kept, a press from their results. */
export function SavedSearches({ me, onChosen }: { readonly me: Me; readonly onChosen: () => void }) {
  const text = useWords(searchWords);
  const commands = useCommands();
  const current = useRead((store) => store.view().list?.search ?? null);
  const [managing, setManaging] = useState(false);
  const saved = savedSearches(me);
  if (saved.length === 0) return null;
  return (
    <section className="saved-searches" aria-label={text.title}>
      <h2 className="saved-title">
        {text.title}
        <Button icon={Settings2} small wordless label={text.manage} onClick={() => setManaging(true)} />
      </h2>
      <ul>
        {saved.map((one) => (
          <li key={one.name}>
            <button
              type="button"
              className="saved-search"
              aria-current={current === one.text ? 'page' : undefined}
              onClick={() => {
                void commands.run('search', { text: one.text, everywhere: true });
                onChosen();
              }}
            >
              <Search aria-hidden="true" size={18} strokeWidth={1.75} />
              <span>{one.name}</span>
            </button>
          </li>
        ))}
      </ul>
      {managing && <Manage saved={saved} onClose={() => setManaging(false)} />}
    </section>
  );
}

function Manage({ saved, onClose }: { readonly saved: readonly SavedSearch[]; readonly onClose: () => void }) {
  const text = useWords(searchWords);
  const commands = useCommands();
  const [taken, setTaken] = useState<number | null>(null);
  const told = useId();
  const keep = (searches: readonly SavedSearch[]): void => void commands.run('save-settings', { section: 'searches', value: { searches } });
  const rename = (at: number, name: string): void => {
    const twice = saved.some((one, index) => index !== at && one.name === name);
    setTaken(twice ? at : null);
    if (name !== '' && !twice) keep(saved.map((one, index) => (index === at ? { ...one, name } : one)));
  };
  const up = (at: number): void => {
    const moved = saved[at];
    if (moved !== undefined) keep(saved.toSpliced(at, 1).toSpliced(Math.max(0, at - 1), 0, moved));
  };
  return (
    <Dialog title={text.title} onClose={onClose}>
      <ul className="saved-manage">
        {saved.map((one, at) => (
          <li key={one.text}>
            <input
              className="input"
              aria-label={text.rename}
              maxLength={60}
              defaultValue={one.name}
              aria-invalid={taken === at}
              aria-describedby={taken === at ? told : undefined}
              onBlur={(event) => rename(at, event.target.value.trim())}
            />
            <Button icon={ArrowUp} wordless label={text.up(one.name)} disabled={at === 0} onClick={() => up(at)} />
            <Button icon={Trash2} wordless label={text.delete(one.name)} onClick={() => keep(saved.toSpliced(at, 1))} />
          </li>
        ))}
      </ul>
      {taken !== null && (
        <p id={told} className="field-error" role="alert">
          {text.taken}
        </p>
      )}
    </Dialog>
  );
}
