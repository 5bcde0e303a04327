import { FolderClock } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import type { DeletedFolder } from './service.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly folders: readonly DeletedFolder[];
  readonly working: boolean;
  readonly onBring: (folder: DeletedFolder) => void;
}

/** Folders that were deleted with what was in them: each comes back whole. */
export function Folders({ folders, working, onBring }: Props) {
  const words = useWords(WORDS);
  const { longDate } = useLanguage();
  if (folders.length === 0) return null;
  return (
    <section aria-label={words.folders}>
      <h3 className="restore-heading">{words.folders}</h3>
      <ul className="picking-list restore-list">
        {folders.map((folder) => (
          <li key={folder.id} className="picking-line">
            <FolderClock aria-hidden="true" size={20} strokeWidth={1.75} />
            <span className="picking-title">
              <span>{words.folder(folder.name, folder.messages)}</span>
              <span className="soft">{words.deleted(longDate(folder.deletedAt))}</span>
            </span>
            <Button label={words.bring} aria-label={words.bringFolder(folder.name)} small look="outline" disabled={working} onClick={() => onBring(folder)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
