import { TriangleAlert } from 'lucide-react';
import { type ReactNode, useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import type { Problem } from '../store/types.ts';
import { Button } from './Button.tsx';
import { useClient } from './client.tsx';
import { adviceOf, problemText, quotable, signInPath } from './problems.ts';

interface Props {
  /** The same object as long as it is the same failure: another one is read aloud again. */
  readonly problem: Problem;
  /** What didn't come about, where the screen alone doesn't make it plain. */
  readonly what?: string | undefined;
  /** Words for this problem that are better here than the common ones. */
  readonly text?: string | undefined;
  /** Do it again; while it goes on the button waits. Left out where the screen's own button does it. */
  readonly onRetry?: (() => unknown) | undefined;
  /** `page`: in place of what one came for; `line`: among the words of something that is drawn already. */
  readonly look?: 'box' | 'page' | 'line';
  /** Inside what is read aloud by itself it isn't said a second time. */
  readonly quiet?: boolean;
  /** Other ways on. */
  readonly children?: ReactNode;
}

/** The one way in which the page says that something failed: what, what to do, what to quote to the help desk. */
export function Trouble({ problem, look = 'box', quiet = false, ...rest }: Props) {
  const { services } = useClient();
  // Each failure is said anew and has its own time, even where it is the same one again.
  const [told, setTold] = useState(() => ({ problem, at: services.now(), number: 0 }));
  if (told.problem !== problem) setTold({ problem, at: services.now(), number: told.number + 1 });
  return (
    <div className={`trouble trouble-${look}`} role={quiet ? undefined : 'alert'}>
      <Inside key={told.number} problem={problem} at={told.at} look={look} {...rest} />
    </div>
  );
}

function Inside({ problem, at, what, text, onRetry, look, children }: Omit<Props, 'quiet'> & { readonly at: Date }) {
  const language = useLanguage();
  const { actions, problems } = language.words;
  const reference = quotable(problem, at, language.locale);
  const advice = text === undefined ? adviceOf(problem, language.words) : null;
  return (
    <>
      {look !== 'line' && <TriangleAlert aria-hidden="true" size={look === 'page' ? 28 : 18} strokeWidth={look === 'page' ? 1.5 : 1.75} />}
      <div className="trouble-words">
        {what !== undefined && <p className="trouble-what">{what}</p>}
        <p>
          {text ?? problemText(problem, language)} {advice}
        </p>
        {reference !== null && <p className="reference">{problems.reference(reference)}</p>}
      </div>
      {problem.kind === 'signed-out' && (
        <a className="button button-outline button-small" href={signInPath()} target="_blank" rel="noopener">
          <span className="button-word">{problems.signIn}</span>
        </a>
      )}
      {children}
      {onRetry !== undefined && <Retry label={actions.retry} onRetry={onRetry} />}
    </>
  );
}

function Retry({ label, onRetry }: { readonly label: string; readonly onRetry: () => unknown }) {
  const [trying, setTrying] = useState(false);
  const retry = async (): Promise<void> => {
    if (trying) return;
    setTrying(true);
    try {
      await onRetry();
    } finally {
      setTrying(false);
    }
  };
  return <Button label={label} look="outline" small aria-busy={trying} aria-disabled={trying} onClick={() => void retry()} />;
}
