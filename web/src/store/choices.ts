import type { MailboxId } from '../wire/ids.ts';
import type { ListSpec, Me } from './types.ts';

type Section = Readonly<Record<string, unknown>>;

/** One section of what the person has chosen; empty when they never did, or when it has an odd shape. */
export function sectionOf(me: Me | null, name: string): Section {
  const section = me?.settings[name];
  return typeof section === 'object' && section !== null ? (section as Section) : {};
}

/** Whether they read message by message. */
export function readsFlat(me: Me | null): boolean {
  return sectionOf(me, 'reading')['conversations'] === false;
}

/** The folders in which something is pinned: the others' lists needn't be sorted by it. */
export function pinnedFolders(me: Me | null): ReadonlySet<MailboxId> {
  const folders = sectionOf(me, 'pins')['folders'];
  return new Set(Array.isArray(folders) ? (folders as MailboxId[]) : []);
}

/** A list as the person wants lists: of conversations or of messages. */
export function asChosen(spec: ListSpec, me: Me | null): ListSpec {
  if (readsFlat(me)) return { ...spec, flat: true };
  const { account, mailbox, only, search, keyword } = spec;
  return { account, mailbox, only, search, ...(keyword === undefined ? {} : { keyword }) };
}
