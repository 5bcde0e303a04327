import type { Words } from '../../i18n/index.tsx';

/** The folder that a message comes back to, as one calls it. */
export function placeName(folder: string, words: Words): string {
  const known: Readonly<Record<string, string>> = {
    INBOX: words.folders.inbox, Drafts: words.folders.drafts, Sent: words.folders.sent, Archive: words.folders.archive, Junk: words.folders.junk, Trash: words.folders.trash,
  };
  return known[folder] ?? folder.split('/').join(' › ');
}
