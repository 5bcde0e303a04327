import { CloudOff, RefreshCw } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import { useRead } from '../../ui/client.tsx';
import { quotable } from '../../ui/problems.ts';
import { useNetwork } from '../../ui/timing.ts';

/** Said at the foot of the page while the server can't be reached. Nothing typed is lost. */
export function StatusLine() {
  const { words, locale } = useLanguage();
  const { problems } = words;
  const connection = useRead((store) => store.connection());
  const network = useNetwork();
  const pending = useRead((store) => store.pending());
  if (connection.kind !== 'offline') return null;
  const reference = quotable(connection.problem, new Date(connection.since), locale);
  const Icon = network ? RefreshCw : CloudOff;
  return (
    <div className="status-line" role="status">
      <Icon aria-hidden="true" size={18} strokeWidth={1.75} />
      <p>
        <strong>{network ? problems.reconnecting : problems.offline}</strong> {network ? problems.reconnectingMore : problems.offlineMore}
        {network && reference !== null && <span className="reference"> {problems.reference(reference)}</span>}
        {pending > 0 && <span className="status-pending"> {problems.pending(pending)}</span>}
      </p>
    </div>
  );
}
