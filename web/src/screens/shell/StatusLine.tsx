import { CloudOff, LogIn, RefreshCw } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import { useRead } from '../../ui/client.tsx';
import { useNetwork } from '../../ui/timing.ts';

/** Said above everything while the server can't be reached or the session has ended. Nothing typed is lost. */
export function StatusLine() {
  const { problems } = useLanguage().words;
  const connection = useRead((store) => store.connection());
  const network = useNetwork();
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
  const Icon = network ? RefreshCw : CloudOff;
  return (
    <div className="status-line" role="status">
      <Icon aria-hidden="true" size={18} strokeWidth={1.75} />
      <p>
        <strong>{network ? problems.reconnecting : problems.offline}</strong> {network ? problems.reconnectingMore : problems.offlineMore}
        {pending > 0 && <span className="status-pending"> {problems.pending(pending)}</span>}
      </p>
    </div>
  );
}
