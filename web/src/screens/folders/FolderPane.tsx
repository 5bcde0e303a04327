import { Ellipsis, FolderInput, FolderPlus, Pencil, PenLine, Trash2 } from 'lucide-react';
import { createElement, Suspense, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Account, ListSpec, Mailbox, MailboxRole, Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { Slot, useFeatures, usePage } from '../../ui/features.tsx';
import { folderIcon, folderName } from '../../ui/folders.ts';
import { Menu } from '../../ui/Menu.tsx';
import { Confirm } from '../Confirm.tsx';
import { paneWords } from '../words.ts';
import { useDrop, useFolderDrag } from './drag.ts';
import { FolderDialog } from './FolderDialog.tsx';
import { FolderMoveDialog } from './FolderMoveDialog.tsx';
import { TopLevel } from './TopLevel.tsx';

/** The left of the screen: the folders of one's own mailbox, then the shared ones. */
export function FolderPane({ me, onChosen }: { readonly me: Me; readonly onChosen?: () => void }) {
  const { words } = useLanguage();
  const commands = useCommands();
  const accounts = useRead((store) => store.accounts());
  const [creating, setCreating] = useState(false);
  const shared = accounts.filter((account) => !account.personal);
  const chosen = onChosen ?? (() => undefined);
  return (
    <nav className="folder-pane" aria-label={words.folders.title}>
      <Button
        icon={PenLine}
        label={words.actions.compose}
        look="primary"
        className="compose-button"
        act="compose"
        onClick={() => {
          chosen();
          void commands.run('compose', {});
        }}
      />
      <FolderList account={me.account} onChosen={chosen} />
      <TopLevel onCreate={() => setCreating(true)} />
      <Suspense>
        <Slot name="Sidebar" with={{ me, onChosen: chosen }} together />
        {shared.length > 0 && <h2 className="folder-heading">{words.folders.shared}</h2>}
        {shared.map((account) => (
          <SharedAccount key={account.id} account={account} onChosen={chosen} />
        ))}
      </Suspense>
      {creating && <FolderDialog account={me.account} onClose={() => setCreating(false)} />}
    </nav>
  );
}

function SharedAccount({ account, onChosen }: { readonly account: Account; readonly onChosen: () => void }) {
  return (
    <section aria-label={account.name}>
      <h3 className="folder-account" title={account.name}>
        {account.name}
      </h3>
      <FolderList account={account.id} onChosen={onChosen} />
    </section>
  );
}

interface ListProps {
  readonly account: Account['id'];
  readonly onChosen: () => void;
}

function FolderList({ account, onChosen }: ListProps) {
  const folders = useRead((store) => store.mailboxes(account));
  return (
    <ul className="folder-list">
      {folders.map((folder) => (
        <FolderLine key={folder.id} folder={folder} onChosen={onChosen} />
      ))}
    </ul>
  );
}

interface LineProps {
  readonly folder: Mailbox;
  readonly onChosen: () => void;
}

function FolderLine({ folder, onChosen }: LineProps) {
  const { words } = useLanguage();
  const commands = useCommands();
  const current = useRead((store) => isOpen(store.view().list, folder));
  const { over, handlers } = useDrop(folder);
  const drag = useFolderDrag(folder);
  const name = folderName(folder, words);
  return (
    <li className={over ? 'folder folder-over' : 'folder'}>
      <button
        type="button"
        className="folder-button"
        aria-current={current ? 'page' : undefined}
        style={{ paddingInlineStart: 12 + folder.depth * 16 }}
        title={name}
        onClick={() => {
          onChosen();
          void commands.run('open-folder', { account: folder.account, mailbox: folder.id });
        }}
        {...drag}
        {...handlers}
      >
        {createElement(folderIcon(folder), { 'aria-hidden': true, size: 20, strokeWidth: 1.75 })}
        <span className="folder-name">{name}</span>
        <FolderCount folder={folder} />
      </button>
      {folder.role === null && (folder.rights.rename || folder.rights.delete) && <FolderMenu folder={folder} />}
    </li>
  );
}

function isOpen(list: ListSpec | null, folder: Mailbox): boolean {
  return list?.mailbox === folder.id && list.account === folder.account && list.search === null;
}

const QUIET: readonly (MailboxRole | null)[] = ['drafts', 'junk'];
const UNCOUNTED: readonly (MailboxRole | null)[] = ['sent', 'trash'];

/** How many are unread; of drafts, how many there are. */
function FolderCount({ folder }: { readonly folder: Mailbox }) {
  const { folders } = useLanguage().words;
  const drafts = folder.role === 'drafts';
  const count = drafts ? folder.total : folder.unread;
  if (count === 0 || UNCOUNTED.includes(folder.role)) return null;
  return (
    <span className={QUIET.includes(folder.role) ? 'folder-count folder-count-quiet' : 'folder-count'}>
      <span aria-hidden="true">{count}</span>
      <span className="hidden-words">{drafts ? folders.drafted(count) : folders.unread(count)}</span>
    </span>
  );
}

function FolderMenu({ folder }: { readonly folder: Mailbox }) {
  const { words } = useLanguage();
  const commands = useCommands();
  const [doing, setDoing] = useState<'rename' | 'remove' | 'move' | 'inside' | null>(null);
  const panes = useWords(paneWords);
  const page = usePage();
  const more = useFeatures().flatMap((feature) => feature.folderActs?.(page, folder) ?? []);
  const label = words.folders.options(folder.name);
  return (
    <span className="folder-menu">
      <Menu
        label={label}
        trigger={(props) => <Button icon={Ellipsis} label={label} wordless small {...props} />}
        items={[
          {
            key: 'rename',
            label: words.folders.rename,
            icon: Pencil,
            disabled: !folder.rights.rename,
            act: () => setDoing('rename'),
          },
          {
            key: 'inside',
            label: panes.subfolder,
            icon: FolderPlus,
            disabled: !folder.rights.createChild,
            act: () => setDoing('inside'),
          },
          {
            key: 'move',
            label: panes.moveFolder,
            icon: FolderInput,
            disabled: !folder.rights.rename,
            act: () => setDoing('move'),
          },
          {
            key: 'remove',
            label: words.folders.remove,
            icon: Trash2,
            danger: true,
            disabled: !folder.rights.delete,
            act: () => setDoing('remove'),
          },
          ...more,
        ]}
      />
      {doing === 'inside' && <FolderDialog account={folder.account} parent={folder} onClose={() => setDoing(null)} />}
      {doing === 'move' && <FolderMoveDialog folder={folder} onClose={() => setDoing(null)} />}
      {doing === 'rename' && <FolderDialog account={folder.account} folder={folder} onClose={() => setDoing(null)} />}
      {doing === 'remove' && (
        <Confirm
          title={words.folders.remove}
          text={words.folders.removeAsk(folder.name)}
          yes={words.folders.remove}
          danger
          onYes={() => void commands.run('delete-folder', { account: folder.account, mailbox: folder.id })}
          onClose={() => setDoing(null)}
        />
      )}
    </span>
  );
}
