import { VenetianMask } from 'lucide-react';

import { useWords } from '../../i18n/words.ts';
import type { Draft } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands } from '../../ui/client.tsx';
import './links.css';
import { WORDS } from './words.ts';

/** Says that the message is sensitive, and what follows from it. */
export function Mark({ draft }: { readonly draft: Draft }) {
  const words = useWords(WORDS);
  const commands = useCommands();
  if (draft.content.sensitive !== true) return null;
  return (
    <p className="links-mark" role="status">
      <VenetianMask aria-hidden="true" size={18} strokeWidth={1.75} />
      <span>{words.sensitiveNote}</span>
      <Button small label={words.notSensitive} onClick={() => void commands.run('edit', { draft: draft.key, change: { sensitive: false } })} />
    </p>
  );
}
