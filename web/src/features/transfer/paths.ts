import type { Words } from '../../i18n/index.tsx';
import type { Mailbox } from '../../store/types.ts';
import { folderName } from '../../ui/folders.ts';

/** A folder as mail programs write it: the names of those around it, with strokes between. */
export function pathOf(folder: Mailbox, all: readonly Mailbox[]): string {
  if (folder.role === 'inbox') return 'INBOX';
  const parent = all.find(({ id }) => id === folder.parent);
  return parent === undefined || parent.role === 'inbox' ? folder.name : `${pathOf(parent, all)}/${folder.name}`;
}

/** The same, as one reads it. */
export function readablePath(folder: Mailbox, all: readonly Mailbox[], words: Words): string {
  const parent = all.find(({ id }) => id === folder.parent);
  const name = folderName(folder, words);
  return parent === undefined ? name : `${readablePath(parent, all, words)} › ${name}`;
}
