import type { Services } from '../../commands/types.ts';
import { PINNED } from '../../store/sync/requests.ts';
import { Batch } from '../../wire/batch.ts';
import type { AccountId, EmailId, MailboxId, ThreadId } from '../../wire/ids.ts';
import { CYRUS_MAIL } from '../../wire/jmap.ts';

export interface Arrival {
  readonly id: EmailId;
  readonly thread: ThreadId;
  readonly from: string;
  readonly subject: string;
}

/** More at once than this is a flood that one line tells of as well. */
const MOST = 3;

/** How many messages that came back by themselves are looked at. */
const MOST_BACK = 50;

type Head = Readonly<{ id: EmailId; threadId: ThreadId; from?: readonly { readonly name: string | null; readonly email: string }[] | null; subject?: string | null }>;
/** Kept by the store once it has come back, too. */
type PutOff = Head & { readonly snoozed?: { readonly until: string } | null };

/** Looks for what came into the inbox since it was made, or came back there as it had been put off; each once. */
export class Arrivals {
  private readonly known = new Set<string>();
  private readonly services: Services;
  private readonly account: AccountId;
  private readonly inbox: MailboxId;
  private since: string;

  constructor(services: Services, account: AccountId, inbox: MailboxId) {
    this.services = services;
    this.account = account;
    this.inbox = inbox;
    this.since = stamp(services.now());
  }

  /** Nothing that came before now is new: from the next second on, since messages are dated by the second. */
  skip(): void {
    this.since = stamp(new Date(this.services.now().getTime() + 1_000));
  }

  async look(): Promise<readonly Arrival[]> {
    const batch = new Batch();
    const query = batch.add('Email/query', {
      accountId: this.account,
      filter: { inMailbox: this.inbox, after: this.since, notKeyword: '$seen' },
      sort: [{ property: 'receivedAt', isAscending: false }],
      collapseThreads: false,
      limit: MOST,
    });
    const properties = ['id', 'threadId', 'from', 'subject'];
    const heads = batch.add('Email/get', { accountId: this.account, '#ids': query.ref('/ids'), properties });
    // What comes back is pinned, and bears its old date.
    batch.using.push(CYRUS_MAIL);
    const pinned = batch.add('Email/query', {
      accountId: this.account,
      filter: { operator: 'AND', conditions: [{ inMailbox: this.inbox }, { hasKeyword: PINNED }, { notKeyword: '$seen' }] },
      sort: [{ property: 'receivedAt', isAscending: false }],
      collapseThreads: false,
      limit: MOST_BACK,
    });
    const backs = batch.add('Email/get', { accountId: this.account, '#ids': pinned.ref('/ids'), properties: [...properties, 'snoozed'] });
    const answers = await this.services.jmap.send(batch, { background: true });
    const returned = (answers.of(backs).list as readonly PutOff[]).filter(({ snoozed }) => snoozed != null && snoozed.until >= this.since);
    const found = new Map<string, Head>([
      ...(answers.of(heads).list as readonly Head[]).map((head) => [head.id, head] as const),
      ...returned.map((head) => [`${head.id} ${head.snoozed?.until ?? ''}`, head] as const),
    ]);
    const fresh = [...found].filter(([key]) => !this.known.has(key));
    for (const [key] of fresh) this.known.add(key);
    return fresh.map(([, { id, threadId, from, subject }]) => ({
      id,
      thread: threadId,
      from: from?.[0]?.name ?? from?.[0]?.email ?? '',
      subject: subject ?? '',
    }));
  }
}

/** JMAP's UTCDate has no fractions. */
function stamp(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}
