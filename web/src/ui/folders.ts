import { Archive, Clock, Folder, Inbox, type LucideIcon, PenLine, Send, ShieldAlert, Trash2 } from 'lucide-react';

import type { Words } from '../i18n/index.tsx';
import type { Mailbox, MailboxRole } from '../store/types.ts';

const ICONS: Record<MailboxRole, LucideIcon> = {
  inbox: Inbox,
  drafts: PenLine,
  sent: Send,
  archive: Archive,
  snoozed: Clock,
  junk: ShieldAlert,
  trash: Trash2,
};

/** Our own word for a folder with a role, its stored name for any other. */
export function folderName(mailbox: Pick<Mailbox, 'role' | 'name'>, words: Words): string {
  return mailbox.role === null ? mailbox.name : words.folders[mailbox.role];
}

export function folderIcon(mailbox: Pick<Mailbox, 'role'>): LucideIcon {
  return mailbox.role === null ? Folder : ICONS[mailbox.role];
}

