import type { Words } from '../../i18n/index.tsx';
import type { Mailbox, MailboxId } from '../../store/types.ts';
import { folderName } from '../../ui/folders.ts';

/** What the store takes in no name. */
const FORBIDDEN = /["%/;<>\\`{|}]/u;

/** Why a folder can't be called so, in words; null when it can. ITSELF is the folder that gets another name. */
export function namingFault(
  name: string,
  place: { readonly parent: MailboxId | null; readonly itself: MailboxId | null; readonly folders: readonly Mailbox[] },
  words: Words,
): string | null {
  const { folders } = words;
  if (name === '') return folders.nameMissing;
  if (FORBIDDEN.test(name)) return folders.nameSigns;
  const given = name.toLowerCase();
  // The inbox stands at the first level whatever it holds; a name of ours hides that of the store.
  const known = place.folders.filter(({ id, parent }) => parent === place.parent && id !== place.itself);
  const taken = known.some((one) => [one.name, folderName(one, words)].some((each) => each.toLowerCase() === given));
  return taken ? folders.nameTaken : null;
}
