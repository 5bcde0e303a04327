import { useEffect } from 'react';

import { usePage } from '../../ui/features.tsx';
import './print.css';
import { print } from './print.ts';

/** Ctrl+P prints the conversation that is open; elsewhere it is the browser's. */
export function PrintKey() {
  const page = usePage();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const wanted = event.key.toLowerCase() === 'p' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      const open = page.store.view().open;
      if (!wanted || open === null || document.querySelector('dialog[open]') !== null) return;
      const messages = page.store.conversation(open).messages.filter((message) => !message.draft);
      if (messages.length === 0) return;
      event.preventDefault();
      event.stopPropagation();
      void print(page, messages);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [page]);
  return null;
}
