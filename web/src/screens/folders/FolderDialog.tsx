import { type SyntheticEvent, useId, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import type { AccountId, Mailbox } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { namingFault } from './naming.ts';

interface Props {
  readonly account: AccountId;
  /** Left out: a new folder. */
  readonly folder?: Mailbox;
  /** Where a new one is made; left out: at the first level. */
  readonly parent?: Mailbox;
  readonly onClose: () => void;
}

export function FolderDialog({ account, folder, parent, onClose }: Props) {
  const { words } = useLanguage();
  const commands = useCommands();
  const [name, setName] = useState(folder?.name ?? '');
  const [fault, setFault] = useState<string | null>(null);
  const folders = useRead((store) => store.mailboxes(account));
  const field = useId();
  const place = folder === undefined ? { parent: parent?.id ?? null, itself: null } : { parent: folder.parent, itself: folder.id };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const given = name.trim();
    const wrong = namingFault(given, { ...place, folders }, words);
    if (wrong !== null) {
      setFault(wrong);
      document.getElementById(field)?.focus();
      return;
    }
    onClose();
    if (folder === undefined) void commands.run('create-folder', { account, name: given, parent: parent?.id ?? null });
    else void commands.run('rename-folder', { account, mailbox: folder.id, name: given });
  };
  const label = folder === undefined ? words.folders.createIt : words.folders.renameIt;
  return (
    <Dialog title={folder === undefined ? words.folders.create : words.folders.rename} onClose={onClose}>
      <form onSubmit={submit} className="stack">
        <label className="label" htmlFor={field}>
          {words.folders.name}
        </label>
        <input
          id={field}
          className="input"
          autoFocus
          maxLength={100}
          value={name}
          aria-invalid={fault !== null}
          aria-describedby={fault !== null ? `${field}-error` : undefined}
          onChange={(event) => {
            setName(event.target.value);
            setFault(null);
          }}
        />
        {fault !== null && (
          <p id={`${field}-error`} className="field-error" role="alert">
            {fault}
          </p>
        )}
        <div className="dialog-acts">
          <Button label={words.actions.cancel} look="outline" onClick={onClose} />
          <Button type="submit" label={label} look="primary" />
        </div>
      </form>
    </Dialog>
  );
}
