import { CloudOff, LogIn } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import { useRead } from '../../ui/client.tsx';

/** Said above everything while the server can't be reached or the session has ended. Nothing typed is lost. */
export function StatusLine() {
  const { problems } = useLanguage().words;
  const connection = useRead((store) => store.connection());
  const pending = useRead((store) => store.pending());
  if (connection.kind === 'signed-out') {
    const back = encodeURIComponent(location.pathname + location.search);
    return (
      <div className="status-line status-warning" role="alert">
        <LogIn aria-hidden="true" size={18} strokeWidth={1.75} />
        <p>
          <strong>{problems.signedOut}</strong> {problems.signedOutMore}
          {connection.reference !== null && <span className="reference"> {problems.reference(connection.reference)}</span>}
        </p>
        <a className="button button-outline button-small" href={`/connexion/?suite=${back}`}>
          {problems.signIn}
        </a>
      </div>
    );
  }
  if (connection.kind !== 'offline') return null;
  return (
    <div className="status-line" role="status">
      <CloudOff aria-hidden="true" size={18} strokeWidth={1.75} />
      <p>
        <strong>{problems.offline}</strong> {problems.offlineMore}
        {pending > 0 && <span className="status-pending"> {problems.pending(pending)}</span>}
      </p>
    </div>
  );
}
