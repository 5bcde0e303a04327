import { FolderPlus } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { paneWords } from '../words.ts';
import { useDragged, useTopDrop } from './drag.ts';

/** Below the folders: a new one; while one drags a folder out of another, the place for it. */
export function TopLevel({ onCreate }: { readonly onCreate: () => void }) {
  const { folders } = useLanguage().words;
  const words = useWords(paneWords);
  const dragged = useDragged();
  const { over, handlers } = useTopDrop();
  const label = (dragged?.parent ?? null) === null ? folders.create : words.dropTop;
  return (
    <div className={over ? 'folder folder-over' : 'folder'} {...handlers}>
      <Button icon={FolderPlus} label={label} className="folder-create" small onClick={onCreate} />
    </div>
  );
}
