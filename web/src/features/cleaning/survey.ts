import type { Address, EmailId, MailboxId } from '../../wire/ids.ts';

/** What is known of a message for tidying up. */
export interface Surveyed {
  readonly id: EmailId;
  readonly size: number;
  readonly from: Address | null;
  readonly subject: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  readonly mailboxes: readonly MailboxId[];
  readonly messageId: string | null;
  readonly starred: boolean;
  readonly unread: boolean;
}

/** Messages that go together: one line to tick. */
export interface Heap {
  readonly key: string;
  readonly title: string;
  readonly emails: readonly Surveyed[];
  readonly bytes: number;
  /** The newest of them. */
  readonly newest: string;
}

const MOST_LINES = 100;

function heap(key: string, title: string, emails: readonly Surveyed[]): Heap {
  return {
    key,
    title,
    emails,
    bytes: emails.reduce((sum, { size }) => sum + size, 0),
    newest: emails.reduce((latest, { receivedAt }) => (receivedAt > latest ? receivedAt : latest), ''),
  };
}

function grouped(all: readonly Surveyed[], keyOf: (email: Surveyed) => string | null): ReadonlyMap<string, readonly Surveyed[]> {
  const groups = new Map<string, Surveyed[]>();
  for (const email of all) {
    const key = keyOf(email);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [email]);
    else group.push(email);
  }
  return groups;
}

const byBytes = (one: Heap, other: Heap): number => other.bytes - one.bytes;

/** The largest messages, one a line. */
export function largest(all: readonly Surveyed[]): readonly Heap[] {
  return [...all]
    .sort((one, other) => other.size - one.size)
    .slice(0, MOST_LINES)
    .map((email) => heap(email.id, email.subject, [email]));
}

/** Who takes the most room. */
export function bySender(all: readonly Surveyed[]): readonly Heap[] {
  const groups = grouped(all, ({ from }) => from?.email.toLowerCase() ?? null);
  return [...groups].map(([address, emails]) => heap(address, nameOf(emails) ?? address, emails)).sort(byBytes).slice(0, MOST_LINES);
}

function nameOf(emails: readonly Surveyed[]): string | null {
  return emails.find(({ from }) => from?.name != null && from.name !== '')?.from?.name ?? null;
}

/** Letters that went to a list, older than BEFORE; what one has starred stays. LETTERS are ids that carry an address to unsubscribe. */
export function newsletters(all: readonly Surveyed[], letters: ReadonlySet<EmailId>, before: string): readonly Heap[] {
  return bySender(all.filter((email) => letters.has(email.id) && email.receivedAt < before && !email.starred));
}

/** What servers on the way write above a message differs from copy to copy; more than that is content, a file perhaps. */
const ROAD_BYTES = 4_096;

/** The same message several times in one folder: all but the first of the whole ones; what is starred stays, too. */
export function duplicates(all: readonly Surveyed[]): readonly Heap[] {
  const groups = grouped(all, ({ messageId, mailboxes, subject, from }) => {
    const folder = mailboxes.length === 1 ? mailboxes[0] : undefined;
    // Some programs give the same Message-ID to different messages: who and what must agree too.
    return messageId === null || folder === undefined ? null : [folder, messageId, from?.email.toLowerCase(), subject].join('\n');
  });
  const heaps = [...groups].flatMap(([key, emails]) => {
    const surplus = surplusOf(emails);
    return surplus.length === 0 ? [] : [heap(key, surplus[0]?.subject ?? '', surplus)];
  });
  return heaps.sort(byBytes).slice(0, MOST_LINES);
}

function surplusOf(emails: readonly Surveyed[]): readonly Surveyed[] {
  if (emails.length < 2) return [];
  // A copy without its files, as some programs keep it, isn't what the whole one goes for.
  const fullest = Math.max(...emails.map(({ size }) => size)) - ROAD_BYTES;
  const whole = emails.filter(({ size }) => size >= fullest);
  const kept = whole.find(({ starred }) => starred) ?? whole.reduce((first, one) => (one.receivedAt < first.receivedAt ? one : first));
  return emails.filter((email) => email !== kept && !email.starred);
}

/** What lies in FOLDER from years before THIS_YEAR, as the calendar here counts them, a heap a year, the oldest first. */
export function byYear(all: readonly Surveyed[], folder: MailboxId, thisYear: number): readonly Heap[] {
  const groups = grouped(all, ({ mailboxes, receivedAt }) => {
    const year = new Date(receivedAt).getFullYear();
    return mailboxes.includes(folder) && year < thisYear ? year.toString() : null;
  });
  return [...groups].map(([year, emails]) => heap(year, year, emails)).sort((one, other) => one.key.localeCompare(other.key));
}
