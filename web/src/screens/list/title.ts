import { useLanguage, type Words } from '../../i18n/index.tsx';
import type { ListSpec, Mailbox, Store } from '../../store/types.ts';
import { useRead } from '../../ui/client.tsx';
import { folderName } from '../../ui/folders.ts';
import { knownLabels } from '../../ui/labels.ts';

/** The folder that is listed; null where it is none, such as for a label. */
export function folderOf(store: Store, spec: ListSpec): Mailbox | null {
  return store.mailboxes(spec.account).find((one) => one.id === spec.mailbox) ?? null;
}

/** The name of what is listed, above the list and in the title of the page; empty until something is. */
export function useListTitle(): string {
  const { words, locale } = useLanguage();
  return useRead((store) => {
    const spec = store.view().list;
    if (spec === null) return '';
    const { keyword } = spec;
    if (keyword !== undefined) return knownLabels(store.me(), locale).find((label) => label.keyword === keyword)?.name ?? keyword;
    return titleOf(spec, folderOf(store, spec), words);
  });
}

function titleOf(spec: ListSpec, folder: Mailbox | null, words: Words): string {
  if (spec.search !== null) return words.search.title;
  return folder === null ? words.folders.all : folderName(folder, words);
}
