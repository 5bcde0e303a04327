import { useLanguage } from '../i18n/index.tsx';
import type { Draft } from '../store/types.ts';

/** Where the draft is kept, in a few quiet words. */
export function SaveState({ draft }: { readonly draft: Draft }) {
  const { words, clock } = useLanguage();
  return (
    <span className="save-state" role="status">
      {stateText(draft, words.compose, clock)}
    </span>
  );
}

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
