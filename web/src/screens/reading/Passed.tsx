import { Forward, Reply } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import type { Message } from '../../store/types.ts';

/** What became of a message: it was answered, passed on. */
export function Passed({ message }: { readonly message: Message }) {
  const { list } = useLanguage().words;
  return (
    <>
      {message.answered && <Reply size={15} role="img" aria-label={list.isAnswered} />}
      {message.forwarded && <Forward size={15} role="img" aria-label={list.isForwarded} />}
    </>
  );
}
