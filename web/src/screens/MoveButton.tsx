import { FolderInput } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';

import type { Targets } from '../commands/types.ts';
import { useLanguage } from '../i18n/index.tsx';
import { fold } from '../store/search/search-terms.ts';
import type { Mailbox } from '../store/types.ts';
import { Button } from '../ui/Button.tsx';
import { useCommands, useRead } from '../ui/client.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { folderIcon, folderName } from '../ui/folders.ts';

/** Opens the choice of a folder; V does the same. */
export function MoveButton({ wordless }: { readonly wordless?: boolean }) {
  const { actions } = useLanguage().words;
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        icon={FolderInput}
        label={actions.move}
        act="move"
        data-act="move"
        {...(wordless === undefined ? {} : { wordless })}
        onClick={() => setOpen(true)}
      />
      {open && <MoveDialog onClose={() => setOpen(false)} />}
    </>
  );
}

/** What lies there came there by itself. */
const CLOSED: readonly Mailbox['role'][] = ['drafts', 'sent', 'snoozed'];

function fits(folder: Mailbox, name: string, typed: string): boolean {
  return folder.rights.add && !CLOSED.includes(folder.role) && fold(name).includes(fold(typed));
}

/** `targets` left out: what is selected, else what is open. */
export function MoveDialog({ onClose, targets }: { readonly onClose: () => void; readonly targets?: Targets }) {
  const { words } = useLanguage();
  const commands = useCommands();
  const [typed, setTyped] = useState('');
  const spec = useRead((store) => store.view().list);
  const all = useRead((store) => (spec === null ? NONE : store.mailboxes(spec.account)));
  const folders = all.filter((one) => one.id !== spec?.mailbox && fits(one, folderName(one, words), typed));
  const choose = (folder: Mailbox): void => {
    onClose();
    void commands.run('move', { to: folder.id, ...(targets === undefined ? {} : { targets }) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const first = folders[0];
    if (event.key === 'Enter' && first !== undefined) choose(first);
  };
  return (
    <Dialog title={words.actions.moveTo} onClose={onClose}>
      <input
        className="input"
        type="search"
        autoFocus
        aria-label={words.actions.filterFolders}
        placeholder={words.actions.filterFolders}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <ul className="move-list">
        {folders.map((folder) => {
          const Icon = folderIcon(folder);
          return (
            <li key={folder.id}>
              <button
                type="button"
                className="menu-line"
                style={{ paddingInlineStart: 12 + folder.depth * 16 }}
                onClick={() => choose(folder)}
              >
                <span className="menu-icon">
                  <Icon aria-hidden="true" size={18} strokeWidth={1.75} />
                </span>
                <span className="menu-word">{folderName(folder, words)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {folders.length === 0 && <p className="soft">{words.actions.noFolder}</p>}
    </Dialog>
  );
}

const NONE: readonly Mailbox[] = [];
