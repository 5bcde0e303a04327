import { UserPen } from 'lucide-react';

import { useWords } from '../../i18n/words.ts';
import type { Message } from '../../store/types.ts';
import { nameOf } from '../../ui/people.ts';
import { WORDS } from './words.ts';

/** Who really sent a message that somebody else signs. */
export function OnBehalf({ message }: { readonly message: Message }) {
  const words = useWords(WORDS);
  const [[sender], [author]] = [message.sender, message.from];
  if (sender === undefined || author === undefined) return null;
  return (
    <p className="behalf-line">
      <UserPen aria-hidden="true" size={16} strokeWidth={1.75} />
      {words.onBehalf(nameOf(sender), nameOf(author))}
    </p>
  );
}
