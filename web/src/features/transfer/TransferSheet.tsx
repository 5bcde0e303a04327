import './transfer.css';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Mailbox, Me, Problem } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { problemText, referenceOf } from '../../ui/problems.ts';
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
  const trouble = problem !== null && <Trouble problem={problem} onRetry={look} />;
  if (jobs === null) return trouble;
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

function Trouble({ problem, onRetry }: { readonly problem: Problem; readonly onRetry: () => void }) {
  const language = useLanguage();
  const words = useWords(WORDS);
  const reference = referenceOf(problem);
  return (
    <div role="alert" className="transfer-trouble">
      <p>
        {words.problem} {problemText(problem, language)} {reference !== null && <span className="reference">{language.words.problems.reference(reference)}</span>}
      </p>
      <Button label={words.retry} small look="outline" onClick={onRetry} />
    </div>
  );
}
