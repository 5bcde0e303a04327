import './transfer.css';

import { useWords } from '../../i18n/words.ts';
import type { Mailbox, Me } from '../../store/types.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { Exporting } from './Exporting.tsx';
import { Importing } from './Importing.tsx';
import type { TransferProps } from './sheets.ts';
import { useJobs } from './use-jobs.ts';
import { WORDS } from './words.ts';

/** Over the page: from a folder's menu, or the palette. */
export function TransferSheet({ me, only, folder, onClose }: TransferProps & { readonly onClose: () => void }) {
  const words = useWords(WORDS);
  const title = only === undefined ? words.title : only === 'export' ? words.exportTitle : words.importTitle;
  return (
    <Dialog title={title} wide onClose={onClose}>
      <Transfer me={me} {...(only === undefined ? {} : { only })} {...(folder === undefined ? {} : { folder })} />
    </Dialog>
  );
}

/** In the settings. */
export function TransferPanel({ me }: { readonly me: Me }) {
  return <Transfer me={me} />;
}

function Transfer({ me, only, folder }: { readonly me: Me; readonly only?: 'export' | 'import'; readonly folder?: Mailbox }) {
  const words = useWords(WORDS);
  const { jobs, problem, look, act } = useJobs();
  const trouble = problem !== null && <Trouble what={words.problem} problem={problem} onRetry={look} />;
  if (jobs === null) return trouble || <p role="status">{words.loading}</p>;
  return (
    <div className="transfer">
      {trouble}
      {only !== 'import' && (
        <section aria-label={words.exportTitle}>
          {only === undefined && <h3 className="transfer-heading">{words.exportTitle}</h3>}
          <Exporting me={me} jobs={jobs.exports} act={act} folder={folder ?? null} />
        </section>
      )}
      {only !== 'export' && (
        <section aria-label={words.importTitle}>
          {only === undefined && <h3 className="transfer-heading">{words.importTitle}</h3>}
          <Importing me={me} jobs={jobs.imports} most={jobs.limits.importBytes} act={act} folder={folder ?? null} />
        </section>
      )}
    </div>
  );
}
