import { useLanguage } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import type { Problem } from '../../store/types.ts';
import { useRead } from '../../ui/client.tsx';
import { quotable, signInPath } from '../../ui/problems.ts';
import { useLasting, useNetwork } from '../../ui/timing.ts';
import { ListSkeleton } from '../list/ListStates.tsx';

/** Before the first answer of the server: the shape of the page, or why it doesn't come. */
export function Boot() {
  const connection = useRead((store) => store.connection());
  if (connection.kind === 'signed-out') return <SignedOutPage reference={connection.reference} />;
  if (connection.kind === 'offline') return <OfflinePage since={connection.since} problem={connection.problem} />;
  return <Waiting />;
}

function Waiting() {
  const { words } = useLanguage();
  const shown = useLasting(true, 200);
  return (
    <main className="boot" aria-busy="true" aria-label={words.problems.connecting}>
      {shown && <ListSkeleton rows={9} />}
    </main>
  );
}

function OfflinePage({ since, problem }: { readonly since: number; readonly problem: Problem }) {
  const { words, locale } = useLanguage();
  const reference = quotable(problem, new Date(since), locale);
  const network = useNetwork();
  return (
    <main className="page-message">
      <h1>{network ? words.problems.reconnecting : words.problems.offline}</h1>
      <p role="status">{words.problems.reconnectingBoot}</p>
      {reference !== null && <p className="reference">{words.problems.reference(reference)}</p>}
      <Button label={words.actions.retry} look="primary" onClick={() => location.reload()} />
    </main>
  );
}

export function SignedOutPage({ reference }: { readonly reference: string | null }) {
  const { words } = useLanguage();
  return (
    <main className="page-message">
      <h1>{words.problems.signedOut}</h1>
      <p>{words.problems.signedOutMore}</p>
      {reference !== null && <p className="reference">{words.problems.reference(reference)}</p>}
      <a className="button button-primary" href={signInPath()}>
        {words.problems.signIn}
      </a>
    </main>
  );
}
