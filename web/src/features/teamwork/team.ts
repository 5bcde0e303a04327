import type { Services } from '../../commands/types.ts';
import type { AccountId, EmailId, ThreadId } from '../../wire/ids.ts';
import { ask, askJson } from '../../wire/http.ts';
import { passes, problemOf } from '../../wire/problems.ts';

export const ASSIGNED = 'casier-assigned';
export const HANDLED = 'casier-handled';

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly mayWork: boolean;
}

export interface Answer {
  readonly by: string;
  readonly name: string;
  readonly at: string;
  readonly address: string;
  readonly messageId: string;
}

/** What is known of one message of a mailbox that several open. */
export interface Work {
  readonly email: EmailId;
  readonly thread: ThreadId;
  readonly assignedTo: string;
  readonly assignedName: string;
  readonly assignedBy: string;
  readonly handledName: string;
  readonly handledAt: string | null;
  readonly answers: readonly Answer[];
}

export interface Writing {
  readonly email: EmailId;
  readonly by: string;
  readonly name: string;
  readonly since: string;
}

interface Told {
  readonly me: string;
  readonly mayWork: boolean;
  readonly members: readonly Member[];
  readonly works: readonly Work[];
  readonly writing: readonly Writing[];
  readonly at: string;
}

/** The people of one mailbox, and what each of its messages has come to. */
export interface Team extends Omit<Told, 'works'> {
  readonly works: ReadonlyMap<EmailId, Work>;
}

/** Changes are asked for from a little before the last answer: clocks of several processes. */
const OVERLAP_MS = 5_000;

/** What is known of all shared mailboxes: asked for when first looked at, then followed by what the platform says. */
export class Teams {
  private readonly services: Services;
  private readonly known = new Map<AccountId, Team | null>();
  private readonly listeners = new Set<() => void>();
  private readonly asking = new Map<AccountId, Promise<void>>();

  constructor(services: Services) {
    this.services = services;
    const follow = (): void => {
      for (const account of this.known.keys()) void this.look(account);
    };
    services.live.hear('teamwork', follow);
    services.live.hear('ready', follow);
    services.live.hear('access', follow);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Null: not known yet, or nobody shares this mailbox. */
  team(account: AccountId): Team | null {
    return this.known.get(account) ?? null;
  }

  want(account: AccountId): void {
    if (!this.known.has(account) && !this.asking.has(account)) void this.look(account);
  }

  /** One question at a time for each mailbox; what is told meanwhile is asked for after it. */
  look(account: AccountId): Promise<void> {
    const before = this.asking.get(account) ?? Promise.resolve();
    const asking = before.then(() => this.lookOnce(account));
    this.asking.set(account, asking);
    return asking;
  }

  private async lookOnce(account: AccountId): Promise<void> {
    const before = this.known.get(account) ?? null;
    const since = before === null ? '' : `&since=${encodeURIComponent(new Date(Date.parse(before.at) - OVERLAP_MS).toISOString())}`;
    const told = await this.asked(account, since);
    if (told === 'unknown') {
      // Not known is not nobody: what was known stays, and the next word of the platform asks again.
      this.known.set(account, before);
    } else if (told === null) {
      this.known.set(account, null);
    } else {
      const works = new Map(before?.works);
      for (const work of told.works) works.set(work.email, work);
      this.known.set(account, { ...told, works });
    }
    for (const listener of this.listeners) listener();
  }

  /** Null: not for us, or nobody shares it. */
  private asked(account: AccountId, more: string): Promise<Told | null | 'unknown'> {
    const asking = askJson<Told>(this.services.road, `/api/teamwork?mailbox=${encodeURIComponent(account)}${more}`, { background: true });
    return asking.catch((caught: unknown) => (passes(problemOf(caught)) ? 'unknown' : null));
  }

  async say(account: AccountId, emails: readonly EmailId[], change: { readonly assignTo?: string; readonly handled?: boolean }): Promise<void> {
    await ask(this.services.road, '/api/teamwork', { method: 'POST', body: { mailbox: account, emails, ...change } });
    await this.look(account);
  }

  /** That one is answering, or no longer; nobody waits for it. */
  sayWriting(account: AccountId, email: EmailId, on: boolean): void {
    void ask(this.services.road, '/api/teamwork/writing', { method: 'POST', body: { mailbox: account, email, on }, background: true }).catch(() => undefined);
  }
}

const teams = new WeakMap<Services, Teams>();

export function teamsOf(services: Services): Teams {
  const known = teams.get(services) ?? new Teams(services);
  teams.set(services, known);
  return known;
}

/** The last answer of somebody else to a message. */
export function otherAnswer(team: Team, email: EmailId): Answer | null {
  return team.works.get(email)?.answers.findLast(({ by }) => by !== team.me) ?? null;
}
