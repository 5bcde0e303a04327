import { Batch } from '../wire/batch.ts';
import { CYRUS_MAIL } from '../wire/jmap.ts';
import { problemOf } from '../wire/problems.ts';
import type { AccountMail } from '../store/account.ts';
import { sectionOf } from '../store/choices.ts';
import type { MailStore } from '../store/mail.ts';
import type { Snoozed } from '../store/sync/patch.ts';
import { PINNED } from '../store/sync/requests.ts';
import type { MailboxId } from '../store/types.ts';
import { moveTo, type Place } from './rules.ts';
import { accountOf, plan, type Plan } from './targets.ts';
import type { Targets } from './types.ts';

/** As every mail program shows it; ours has its own word for the folder's role. */
const FOLDER = 'En attente';

/** What the store sets on a message that comes back: it is new again, flagged, and on top of the inbox. */
const COME_BACK: Snoozed['setKeywords'] = { $seen: false, $flagged: true, [PINNED]: true };

/** The folder where messages wait, made when it is first needed. Null when it can't be: the reason is told. */
async function waitingFolder(store: MailStore, mail: AccountMail): Promise<MailboxId | null> {
  const found = mail.mailboxByRole('snoozed');
  if (found !== undefined) return found.id;
  const batch = new Batch();
  // No folder takes this role unless Cyrus's own capability is asked for.
  batch.using.push(CYRUS_MAIL);
  batch.add('Mailbox/set', { accountId: mail.id, create: { waiting: { name: FOLDER, parentId: null, role: 'snoozed', isSubscribed: true } } });
  const all = batch.add('Mailbox/get', { accountId: mail.id, ids: null });
  try {
    mail.takeMailboxes((await mail.around.jmap.send(batch, { background: false })).of(all));
    mail.around.changed();
  } catch (caught) {
    store.messages.note('folder-refused', problemOf(caught));
  }
  return mail.mailboxByRole('snoozed')?.id ?? null;
}

/** A change that puts messages away until UNTIL, and the one that takes it back. */
export async function planAway(store: MailStore, targets: Targets, place: Place, until: string): Promise<Plan | null> {
  const account = accountOf(targets);
  if (account === null) return null;
  const { mail } = store.part(account);
  const [folder, inbox] = [await waitingFolder(store, mail), mail.mailboxByRole('inbox')?.id];
  if (folder === null || inbox === undefined) return null;
  const snoozed: Snoozed = { until, moveToMailboxId: inbox, setKeywords: COME_BACK };
  // Once more from where they wait: only the time changes.
  if (place.mailbox === folder) {
    return plan(mail, targets, { patch: (email) => (email.mailboxIds[folder] === true ? { snoozed } : null), rest: null });
  }
  const { patch, rest } = moveTo(mail, folder, place, targets);
  return plan(mail, targets, {
    patch: (email) => {
      const moved = patch(email);
      return moved === null ? null : { ...moved, snoozed };
    },
    rest: rest === null ? null : { ...rest, patch: { ...rest.patch, snoozed } },
  });
}

/** A change that brings messages back now. */
export function planBack(store: MailStore, targets: Targets, place: Place): Plan | null {
  const account = accountOf(targets);
  if (account === null) return null;
  const { mail } = store.part(account);
  const inbox = mail.mailboxByRole('inbox')?.id;
  if (inbox === undefined) return null;
  const { patch } = moveTo(mail, inbox, place, targets);
  return plan(mail, targets, {
    patch: (email) => {
      const moved = patch(email);
      return moved === null ? null : { ...moved, snoozed: null };
    },
    rest: null,
  });
}

/** The folders that have something pinned, and this one: their lists are asked for in that order. */
export function withPins(store: MailStore, folder: MailboxId): readonly MailboxId[] | null {
  const known = sectionOf(store.me(), 'pins')['folders'];
  const folders = Array.isArray(known) ? (known as MailboxId[]) : [];
  return folders.includes(folder) ? null : [...folders, folder].slice(-200);
}
