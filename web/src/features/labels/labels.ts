import { fold } from '../../store/search/search-terms.ts';
import type { Store } from '../../store/types.ts';
import type { Label } from '../../ui/labels.ts';

export const COLORS = ['red', 'orange', 'yellow', 'green', 'teal', 'blue', 'violet', 'grey'] as const;

/** More keywords a mailbox of the store can't hold for certain (Cyrus has 128 for each folder, other programs use some). */
export const LABELS_AT_MOST = 60;

/**
 * The keyword of a new label. IMAP wants plain ASCII and JMAP small letters; written as Thunderbird would write it, so
 * that a label of the same name made there is the same.
 */
export function keywordFor(name: string, taken: ReadonlySet<string>): string {
  const plain = fold(name).replaceAll('œ', 'oe').replaceAll('æ', 'ae');
  const bare = plain.replace(/[^a-z0-9_-]+/g, '_').replace(/^[_-]+|_+$/g, '').slice(0, 50) || 'label';
  let keyword = bare;
  for (let number = 2; taken.has(keyword); number += 1) keyword = `${bare}_${number}`;
  return keyword;
}

/** The colour that is used least. */
export function nextColor(labels: readonly Label[]): string {
  const used = (color: string) => labels.filter((label) => label.color === color).length;
  const [first, ...others] = ['teal', 'violet', 'orange', 'blue', 'red', 'green', 'yellow', 'grey'] as const;
  return others.reduce<string>((best, color) => (used(color) < used(best) ? color : best), first);
}

export function sameName(one: string, other: string): boolean {
  const plain = (name: string) => fold(name.trim()).replaceAll('’', "'");
  return plain(one) === plain(other);
}

/** The keywords of each conversation that the acts without a target act on. */
export function targetKeywords(store: Store): readonly (readonly string[])[] {
  const { list, open, selection, cursor } = store.view();
  if (list !== null && selection.size > 0) {
    const view = store.list(list);
    return [...selection].map((thread) => view.row(view.indexOf(thread))?.keywords ?? []);
  }
  if (open !== null) return [store.conversation(open).messages.flatMap(({ keywords }) => keywords)];
  const row = list === null ? undefined : store.list(list).row(cursor);
  return row === undefined ? [] : [row.keywords];
}
