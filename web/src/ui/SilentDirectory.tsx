import { useEffect, useRef } from 'react';

import { bilingual, useWords } from '../i18n/words.ts';

/** What a field for people says while the directory doesn't answer. */
export const DIRECTORY = bilingual(
  {
    silent: 'L’annuaire ne répond pas pour le moment. Vous pouvez saisir une adresse en entier.',
    known: 'L’annuaire ne répond pas pour le moment. Vous pouvez chercher un nom ou une adresse.',
  },
  {
    silent: 'The directory isn’t answering at the moment. You can type a whole address.',
    known: 'The directory isn’t answering at the moment. You can search for a name or an address.',
  },
);

/** Always there, so that it is read aloud when it has something to say. */
export function SilentDirectory({ silent, says = 'silent' }: { readonly silent: boolean; readonly says?: keyof (typeof DIRECTORY)['fr'] }) {
  const words = useWords(DIRECTORY);
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A field may stand at the lower edge of what one sees.
    if (silent) line.current?.scrollIntoView({ block: 'nearest' });
  }, [silent]);
  return (
    <div ref={line} role="status">
      {silent && <p className="suggestion-note">{words[says]}</p>}
    </div>
  );
}
