import type { Services } from '../../commands/types.ts';
import { Batch } from '../../wire/batch.ts';
import type { AccountId, EmailId, MailboxId, ThreadId } from '../../wire/ids.ts';

export interface Arrival {
  readonly id: EmailId;
  readonly thread: ThreadId;
  readonly from: string;
  readonly subject: string;
}

/** More at once than this is a flood that one line tells of as well. */
const MOST = 3;

/** Looks for what came into the inbox since it was made, each message once. */
export class Arrivals {
  private readonly known = new Set<EmailId>();
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
    const heads = batch.add('Email/get', {
      accountId: this.account,
      '#ids': query.ref('/ids'),
      properties: ['id', 'threadId', 'from', 'subject'],
    });
    const found = (await this.services.jmap.send(batch, { background: true })).of(heads).list;
    const fresh = found.filter(({ id }) => !this.known.has(id));
    for (const { id } of fresh) this.known.add(id);
    return fresh.map(({ id, threadId, from, subject }) => ({
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
