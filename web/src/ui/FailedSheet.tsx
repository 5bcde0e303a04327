import { useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { problemOf, type Problem } from '../wire/problems.ts';
import { Unloaded } from './Apart.tsx';
import { Dialog } from './Dialog.tsx';
import { Trouble } from './Trouble.tsx';

export interface FailedProps {
  /** What didn't come about. */
  readonly what: string;
  readonly problem: Problem;
  /** Throws WireError. */
  readonly retry: () => Promise<void>;
}

/** What failed and has no place of its own on the page. */
export function FailedSheet({ what, problem: first, retry, onClose }: FailedProps & { readonly onClose: () => void }) {
  const { words } = useLanguage();
  const [problem, setProblem] = useState(first);
  const again = (): Promise<void> => retry().then(onClose, (caught: unknown) => setProblem(problemOf(caught)));
  return (
    <Dialog title={words.product} onClose={onClose}>
      <Trouble what={what} problem={problem} onRetry={again} />
    </Dialog>
  );
}

/** In place of a sheet that couldn't be loaded. */
export function MissingSheet({ onClose }: { readonly onClose: () => void }) {
  const { words } = useLanguage();
  return (
    <Dialog title={words.product} onClose={onClose}>
      <Unloaded />
    </Dialog>
  );
}
