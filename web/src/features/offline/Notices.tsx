import { FileClock, HardDrive } from 'lucide-react';
import { useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { DraftKey } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { WORDS } from './words.ts';

/** At the foot of the page: what was found again, and a device that takes no more. */
export function Notices() {
  const words = useWords(WORDS);
  const full = useRead((store) => store.copy()?.full === true);
  return (
    <>
      <Found />
      {full && (
        <div className="banner banner-warning" role="alert">
          <HardDrive aria-hidden="true" size={18} strokeWidth={1.75} />
          <p>{words.full}</p>
        </div>
      )}
    </>
  );
}

function Found() {
  const words = useWords(WORDS);
  const commands = useCommands();
  const drafts = useRead((store) => store.drafts());
  const composers = useRead((store) => store.view().composers);
  const [dismissed, setDismissed] = useState<ReadonlySet<DraftKey>>(new Set());
  const small = new Set(composers.flatMap(({ draft, minimised }) => (minimised ? [draft] : [])));
  const found = drafts.filter(({ key, found: was }) => was === true && small.has(key) && !dismissed.has(key));
  const last = found.at(-1);
  if (last === undefined) return null;
  const { subject } = last.content;
  return (
    <div className="banner found-banner" role="status">
      <FileClock aria-hidden="true" size={18} strokeWidth={1.75} />
      <p>{found.length > 1 ? words.foundMany(found.length) : words.found(subject === '' ? words.untitled : subject)}</p>
      <Button label={words.resume} small look="outline" onClick={() => void commands.run('minimise-composer', { draft: last.key, minimised: false })} />
      <Button label={words.later} small onClick={() => setDismissed(new Set([...dismissed, ...found.map(({ key }) => key)]))} />
    </div>
  );
}
