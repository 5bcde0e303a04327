import { Check } from 'lucide-react';

import { useLanguage, type Words } from '../../i18n/index.tsx';
import type { ListSpec } from '../../store/types.ts';
import { useCommands, useRead } from '../../ui/client.tsx';
import { folderName } from '../../ui/folders.ts';
import { type ChipName, CHIPS, pressChip, readQuery, writeQuery } from './query.ts';

function chipWord(chip: ChipName, { search }: Words): string {
  return chip === 'file' ? search.withFile : search[chip];
}

/** One press narrows the search: no form to fill. */
export function SearchChips({ spec }: { readonly spec: ListSpec }) {
  const { words } = useLanguage();
  const commands = useCommands();
  const folders = useRead((store) => store.mailboxes(spec.account));
  const now = new Date();
  const query = readQuery(spec.search ?? '', now);
  const folder = folders.find((one) => one.id === spec.mailbox);
  const press = (chip: ChipName): void => {
    const text = writeQuery(pressChip(query, chip), now);
    void commands.run('search', { text: text === '' ? ' ' : text, everywhere: spec.mailbox === null });
  };
  return (
    <div className="chips" role="group" aria-label={words.search.chips}>
      {folder !== undefined && (
        <button
          type="button"
          className="chip"
          aria-pressed="true"
          onClick={() => void commands.run('search', { text: spec.search ?? '', everywhere: true })}
        >
          <Check aria-hidden="true" size={16} /> {words.search.inFolder(folderName(folder, words))}
        </button>
      )}
      {CHIPS.map((chip) => {
        const on = query.chips.has(chip);
        return (
          <button key={chip} type="button" className="chip" aria-pressed={on} onClick={() => press(chip)}>
            {on && <Check aria-hidden="true" size={16} />} {chipWord(chip, words)}
          </button>
        );
      })}
    </div>
  );
}
