import { CalendarClock, FileClock, GitFork } from 'lucide-react';
import { useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { useWords } from '../i18n/words.ts';
import type { Draft } from '../store/types.ts';
import { Button } from '../ui/Button.tsx';
import { WORDS } from './words.ts';
import { WRITING_WORDS } from './writing-words.ts';

/** What one must know of a draft before going on. */
export function Notices({ draft, send }: { readonly draft: Draft; readonly send: (at: string) => void }) {
  const { longDate } = useLanguage();
  const words = useWords(WORDS);
  const more = useWords(WRITING_WORDS);
  const [now] = useState(Date.now);
  const { heldBack } = draft;
  const toCome = heldBack !== null && Date.parse(heldBack.due) > now;
  const untouched = draft.state === 'saved' && draft.email === heldBack?.email;
  return (
    <>
      {draft.found === true && (
        <div className="banner composer-notice" role="status">
          <FileClock aria-hidden="true" size={18} strokeWidth={1.75} />
          <p>{words.found}</p>
        </div>
      )}
      {draft.forked && (
        <div className="banner composer-notice" role="status">
          <GitFork aria-hidden="true" size={18} strokeWidth={1.75} />
          <p>{words.forked}</p>
        </div>
      )}
      {heldBack !== null && (
        <div className="banner composer-notice" role="status">
          <CalendarClock aria-hidden="true" size={18} strokeWidth={1.75} />
          <p>
            {words.heldBack(longDate(heldBack.due))} {toCome && untouched && more.waitsOn}
          </p>
          {toCome && <Button label={more.asPlanned} small look="outline" onClick={() => send(heldBack.due)} />}
        </div>
      )}
    </>
  );
}
