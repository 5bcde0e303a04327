import { CalendarClock, GitFork } from 'lucide-react';

import { useLanguage } from '../i18n/index.tsx';
import { useWords } from '../i18n/words.ts';
import type { Draft } from '../store/types.ts';
import { WORDS } from './words.ts';

/** What one must know of a draft before going on. */
export function Notices({ draft }: { readonly draft: Draft }) {
  const { longDate } = useLanguage();
  const words = useWords(WORDS);
  return (
    <>
      {draft.forked && (
        <div className="banner composer-notice" role="status">
          <GitFork aria-hidden="true" size={18} strokeWidth={1.75} />
          <p>{words.forked}</p>
        </div>
      )}
      {draft.heldBack !== null && (
        <div className="banner composer-notice" role="status">
          <CalendarClock aria-hidden="true" size={18} strokeWidth={1.75} />
          <p>{words.heldBack(longDate(draft.heldBack))}</p>
        </div>
      )}
    </>
  );
}
