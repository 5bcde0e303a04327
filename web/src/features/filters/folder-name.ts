import { useLanguage } from '../../i18n/index.tsx';
import type { Me } from '../../store/types.ts';
import { useRead } from '../../ui/client.tsx';
import { folderName } from '../../ui/folders.ts';
import type { Rule } from './rules.ts';

/** The folder that a rule fills, as it is called now; as it was called where it is gone. */
export function useFolderName(me: Me, { actions: { folder } }: Rule): string {
  const { words } = useLanguage();
  const found = useRead((store) => store.mailboxes(me.account)).find(({ id }) => id === folder?.id);
  return found === undefined ? (folder?.name ?? '') : folderName(found, words);
}
