import { Folder } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Mailbox, MailboxId } from '../../store/types.ts';
import { useCommands, useRead } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { folderName } from '../../ui/folders.ts';
import { paneWords } from '../words.ts';
import { canHold, isTaken } from './drag.ts';

interface Line {
  readonly key: string;
  readonly name: string;
  readonly depth: number;
  readonly parent: MailboxId | null;
}

/** Where a folder may go, for who doesn't drag: the first level, or another folder. */
export function FolderMoveDialog({ folder, onClose }: { readonly folder: Mailbox; readonly onClose: () => void }) {
  const { words } = useLanguage();
  const panes = useWords(paneWords);
  const commands = useCommands();
  const folders = useRead((store) => store.mailboxes(folder.account));
  const top: readonly Line[] = folder.parent === null ? [] : [{ key: 'top', name: panes.topLevel, depth: 0, parent: null }];
  const inside = folders.filter((one) => canHold(folders, one, folder));
  const lines = [...top, ...inside.map((one) => ({ key: one.id, name: folderName(one, words), depth: one.depth, parent: one.id }))];
  const first = lines.find(({ parent }) => !isTaken(folders, parent, folder))?.key;
  return (
    <Dialog title={panes.moveFolderTo(folder.name)} onClose={onClose}>
      <ul className="move-list">
        {lines.map(({ key, name, depth, parent }) => (
          <li key={key}>
            <button
              type="button"
              className="menu-line"
              disabled={isTaken(folders, parent, folder)}
              style={{ paddingInlineStart: 12 + depth * 16 }}
              {...(key === first ? { 'data-first': true } : {})}
              onClick={() => {
                onClose();
                void commands.run('move-folder', { account: folder.account, mailbox: folder.id, parent, text: panes.folderMoved(folder.name, parent === null ? null : name) });
              }}
            >
              <span className="menu-icon">
                <Folder aria-hidden="true" size={18} strokeWidth={1.75} />
              </span>
              <span className="menu-word">{name}</span>
              {isTaken(folders, parent, folder) && <span className="soft">{words.folders.nameTaken}</span>}
            </button>
          </li>
        ))}
      </ul>
      {lines.length === 0 && <p className="soft">{words.actions.noFolder}</p>}
    </Dialog>
  );
}
