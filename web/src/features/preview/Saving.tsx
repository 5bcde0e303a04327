import { useEffect, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { savingWords } from './saving-words.ts';
import { type Item, offer, zipped } from './zipping.ts';

export interface SavingProps {
  readonly name: string;
  readonly items: readonly Item[];
}

/** Several files become one, with how far it is and a way out. */
export function Saving({ name, items, onClose }: SavingProps & { readonly onClose: () => void }) {
  const words = useWords(savingWords);
  const [done, setDone] = useState(0);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  const failed = problem !== null;
  useEffect(() => {
    const stop = new AbortController();
    zipped(items, stop.signal, setDone).then(
      (blob) => {
        if (stop.signal.aborted) return;
        offer(blob, name);
        onClose();
      },
      (caught: unknown) => {
        if (!stop.signal.aborted) setProblem(problemOf(caught));
      },
    );
    return () => stop.abort();
    // Only once: who closes it is another function at each drawing of the page.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [items, name, tries]);
  const again = (): void => {
    setProblem(null);
    setDone(0);
    setTries(tries + 1);
  };
  return (
    <Dialog title={words.title} onClose={onClose} footer={<Button label={failed ? words.close : words.cancel} look="outline" data-first onClick={onClose} />}>
      {failed ? <Trouble what={words.failed} problem={problem} onRetry={again} /> : <p role="status">{words.progress(done, items.length)}</p>}
      {!failed && <progress className="saving-bar" max={items.length} value={done} aria-label={words.title} />}
    </Dialog>
  );
}
