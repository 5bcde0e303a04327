import type { Commands } from '../../commands/types.ts';
import type { Draft } from '../../store/types.ts';

type Attach = (files: readonly File[]) => void;

/** Folders travel as one zip each, made here; the work shows among the draft's files. True when there were some. */
export function dropFolders(commands: Commands, draft: Draft, transfer: DataTransfer, attach: Attach): boolean {
  // Entries can be asked for only while the drop lasts.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some((entry) => entry.isDirectory)) return false;
  void import('./zipping.ts').then(async ({ readEntries, zipInto }) => {
    const { files, folders } = await readEntries(entries);
    if (files.length > 0) attach(files);
    for (const folder of folders) zipInto(commands, draft.key, folder, attach);
  });
  return true;
}

/** The files of a folder that was chosen: they say so by their paths. */
export function attachFolder(commands: Commands, draft: Draft, files: readonly File[], attach: Attach): boolean {
  const [name = ''] = (files[0]?.webkitRelativePath ?? '').split('/');
  if (name === '') return false;
  const inside = files.map((file) => ({ path: file.webkitRelativePath, file }));
  void import('./zipping.ts').then(({ zipInto }) => zipInto(commands, draft.key, { name, inside }, attach));
  return true;
}
