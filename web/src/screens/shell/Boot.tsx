import { useLanguage } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { useRead } from '../../ui/client.tsx';
import { signInPath } from '../../ui/problems.ts';
import { useLasting, useNetwork } from '../../ui/timing.ts';
import { ListSkeleton } from '../list/ListStates.tsx';

/** Before the first answer of the server: the shape of the page, or why it doesn't come. */
export function Boot() {
  const connection = useRead((store) => store.connection());
  if (connection.kind === 'signed-out') return <SignedOutPage reference={connection.reference} />;
  if (connection.kind === 'offline') return <OfflinePage />;
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

function OfflinePage() {
  const { words } = useLanguage();
  const network = useNetwork();
  return (
    <main className="page-message">
      <h1>{network ? words.problems.reconnecting : words.problems.offline}</h1>
      <p role="status">{words.problems.reconnectingBoot}</p>
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
