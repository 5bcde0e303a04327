import type { MailboxId, ThreadId } from '../../wire/ids.ts';
import type { EmailRecord, Records } from './records.ts';

export interface Counts {
  readonly totalEmails: number;
  readonly unreadEmails: number;
  readonly totalThreads: number;
  readonly unreadThreads: number;
}

type Tally = { -readonly [Name in keyof Counts]: number };

function isUnread(email: EmailRecord): boolean {
  return email.keywords['$seen'] !== true && email.keywords['$draft'] !== true;
}

/** Add what one conversation counts for in each folder (RFC 8621 §2: an unread message elsewhere counts too). */
function tally(into: Map<MailboxId, Tally>, emails: readonly EmailRecord[], sign: 1 | -1): void {
  const unread = emails.some(isUnread);
  const present = new Set<MailboxId>();
  const of = (id: MailboxId): Tally => {
    const tally = into.get(id) ?? { totalEmails: 0, unreadEmails: 0, totalThreads: 0, unreadThreads: 0 };
    into.set(id, tally);
    return tally;
  };
  for (const email of emails) {
    for (const id of Object.keys(email.mailboxIds) as MailboxId[]) {
      present.add(id);
      of(id).totalEmails += sign;
      if (isUnread(email)) of(id).unreadEmails += sign;
    }
  }
  for (const id of present) {
    of(id).totalThreads += sign;
    if (unread) of(id).unreadThreads += sign;
  }
}

/** By how much the changes under way move each folder's counts; exact where whole conversations are known. */
export function countsAhead(records: Records, threads: ReadonlySet<ThreadId> = records.pendingThreads()): ReadonlyMap<MailboxId, Counts> {
  const ahead = new Map<MailboxId, Tally>();
  for (const thread of threads) {
    const ids = records.of(thread);
    tally(ahead, ids.flatMap((id) => records.base(id) ?? []), -1);
    tally(ahead, ids.flatMap((id) => records.email(id) ?? []), 1);
  }
  return ahead;
}

export function lessCounts(counts: Counts, less: Counts | undefined): Counts {
  if (less === undefined) return counts;
  return {
    totalEmails: counts.totalEmails - less.totalEmails,
    unreadEmails: counts.unreadEmails - less.unreadEmails,
    totalThreads: counts.totalThreads - less.totalThreads,
    unreadThreads: counts.unreadThreads - less.unreadThreads,
  };
}

export function addCounts<Thing extends Counts>(thing: Thing, more: Counts | undefined): Thing {
  if (more === undefined) return thing;
  return {
    ...thing,
    totalEmails: Math.max(0, thing.totalEmails + more.totalEmails),
    unreadEmails: Math.max(0, thing.unreadEmails + more.unreadEmails),
    totalThreads: Math.max(0, thing.totalThreads + more.totalThreads),
    unreadThreads: Math.max(0, thing.unreadThreads + more.unreadThreads),
  };
}
