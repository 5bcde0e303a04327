import './search.css';

import { useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import { useCommands, useRead } from '../../ui/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { searchWords } from './more-words.ts';
import { savedSearches } from './saved.ts';

/** Gives a search a name and keeps it. */
export function SaveSearch({ text: asked, onClose }: { readonly text: string; readonly onClose: () => void }) {
  const text = useWords(searchWords);
  const commands = useCommands();
  const me = useRead((store) => store.me());
  const [name, setName] = useState(asked.slice(0, 60));
  const keep = (): void => {
    const others = savedSearches(me).filter((one) => one.name !== name.trim());
    onClose();
    if (name.trim() === '') return;
    void commands.run('save-settings', { section: 'searches', value: { searches: [...others, { name: name.trim(), text: asked }] } });
  };
  return (
    <Dialog title={text.saveTitle} onClose={onClose} footer={<Button label={text.keep} look="primary" onClick={keep} />}>
      <label className="field">
        <span>{text.name}</span>
        <input
          autoComplete="off"
          className="input"
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            // Else the key would press what has the focus once this is closed: the button that opened it.
            event.preventDefault();
            keep();
          }}
        />
      </label>
    </Dialog>
  );
}
