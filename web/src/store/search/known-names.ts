import type { MailboxId } from '../../wire/ids.ts';
import type { RawMailbox } from '../../wire/jmap-types.ts';
import { fold } from './search-terms.ts';

/** What people call the folders that have a role, in both languages and as the store names them. */
const ROLE_NAMES: Readonly<Record<string, readonly string[]>> = {
  inbox: ['reception', 'boite de reception', 'inbox'],
  drafts: ['brouillons', 'drafts'],
  sent: ['envoyes', 'sent'],
  archive: ['archives', 'archive'],
  junk: ['indesirables', 'junk', 'spam'],
  trash: ['corbeille', 'trash'],
};

export interface Label {
  readonly keyword: string;
  readonly name: string;
}

function isLabel(value: unknown): value is Label {
  return typeof value === 'object' && value !== null && 'keyword' in value && 'name' in value && typeof value.name === 'string';
}

/** The labels among what a person has chosen; none where the section has another shape. */
export function labelsIn(settings: Readonly<Record<string, unknown>>): readonly Label[] {
  const section = settings['labels'];
  if (typeof section !== 'object' || section === null) return [];
  return Object.values(section).flatMap((value) => (Array.isArray(value) ? value.filter(isLabel) : []));
}

/** As a name may be typed; a search holds no quotation marks within its own. */
function plain(name: string): string {
  return fold(name).replaceAll('"', '').replaceAll('’', "'").trim();
}

function pathOf(mailbox: RawMailbox, all: ReadonlyMap<MailboxId, RawMailbox>): string {
  const parent = mailbox.parentId === null ? undefined : all.get(mailbox.parentId);
  return parent === undefined || parent.id === mailbox.id ? mailbox.name : `${pathOf(parent, all)}/${mailbox.name}`;
}

function isCalled(mailbox: RawMailbox, sought: string, all: ReadonlyMap<MailboxId, RawMailbox>): boolean {
  const known = mailbox.role === null ? [] : (ROLE_NAMES[mailbox.role] ?? []);
  return known.includes(sought) || plain(mailbox.name) === sought || plain(pathOf(mailbox, all)) === sought;
}

/** The folder that is meant: by its role's name, its own, or its path. */
export function folderNamed(name: string, all: ReadonlyMap<MailboxId, RawMailbox>): MailboxId | null {
  const sought = plain(name);
  return [...all.values()].find((mailbox) => isCalled(mailbox, sought, all))?.id ?? null;
}

/** The keyword of the label that is meant, by its name or the keyword itself. */
export function labelNamed(name: string, labels: readonly Label[]): string | null {
  const sought = plain(name);
  return labels.find(({ name: known, keyword }) => plain(known) === sought || keyword.toLowerCase() === sought)?.keyword ?? null;
}
