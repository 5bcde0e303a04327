import { useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { useWords } from '../i18n/words.ts';
import type { Draft } from '../store/types.ts';
import { WRITING_WORDS } from './writing-words.ts';

/** Where the draft is kept, in a few quiet words. Said aloud only when that changes, not with each time it is saved. */
export function SaveState({ draft }: { readonly draft: Draft }) {
  const { words, clock } = useLanguage();
  const { saved } = useWords(WRITING_WORDS);
  const [said, say] = useState('');
  const shown = stateText(draft, words.compose, clock);
  const now = SAID[draft.state] === true && shown !== '' ? (draft.state === 'saved' ? saved : shown) : said;
  if (now !== said) say(now);
  return (
    <>
      <span className="save-state">{shown}</span>
      <span className="hidden-words" role="status">
        {said}
      </span>
    </>
  );
}

/** Nothing is said of what is still on its way. */
const SAID: Readonly<Partial<Record<Draft['state'], true>>> = { saved: true, kept: true, failed: true };

type Text = ReturnType<typeof useLanguage>['words']['compose'];

function stateText(draft: Draft, text: Text, clock: (moment: number) => string): string {
  switch (draft.state) {
    case 'new':
      return '';
    case 'edited':
    case 'saving':
      return text.saving;
    case 'saved':
      return draft.savedAt === null ? '' : text.saved(clock(draft.savedAt));
    case 'kept':
      return text.kept;
    case 'failed':
      return text.saveFailed;
  }
}
