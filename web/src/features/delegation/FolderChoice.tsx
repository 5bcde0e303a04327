import { useId } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { useRead } from '../../ui/client.tsx';
import { folderName } from '../../ui/folders.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly me: Me;
  /** Ids; null: the whole mailbox. */
  readonly chosen: readonly string[] | null;
  readonly wrong: boolean;
  readonly onChoose: (chosen: readonly string[] | null) => void;
}

/** All of it, or single folders. */
export function FolderChoice({ me, chosen, wrong, onChoose }: Props) {
  const words = useWords(WORDS);
  const language = useLanguage();
  const folders = useRead((store) => store.mailboxes(me.account));
  const id = useId();
  return (
    <fieldset aria-describedby={wrong ? `${id}-wrong` : undefined}>
      <legend className="label">{words.what}</legend>
      <div>
        <label className="choice-option">
          <input type="radio" name={id} checked={chosen === null} onChange={() => onChoose(null)} />
          {words.wholeBox}
        </label>
      </div>
      <div>
        <label className="choice-option">
          <input type="radio" name={id} checked={chosen !== null} onChange={() => onChoose([])} />
          {words.chosen}
        </label>
      </div>
      {chosen !== null && (
        <div className="delegation-folders">
          {folders.map((folder) => (
            <div key={folder.id} style={{ paddingInlineStart: folder.depth * 16 }}>
              <label className="choice-option">
                <input
                  type="checkbox"
                  checked={chosen.includes(folder.id)}
                  onChange={(event) => onChoose(event.target.checked ? [...chosen, folder.id] : chosen.filter((one) => one !== folder.id))}
                />
                {folderName(folder, language.words)}
              </label>
            </div>
          ))}
        </div>
      )}
      {wrong && (
        <p id={`${id}-wrong`} className="field-error" role="alert">
          {words.noFolder}
        </p>
      )}
    </fieldset>
  );
}
