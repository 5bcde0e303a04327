import { Batch } from '../../wire/batch.ts';
import { askJson, ask } from '../../wire/http.ts';
import type { AccountId, EmailId, MailboxId } from '../../wire/ids.ts';
import type { Jmap } from '../../wire/jmap.ts';
import { problemOfJmap, WireError } from '../../wire/problems.ts';
import type { Road } from '../../wire/road.ts';
import { type Actions, changesFor, type Filters, type Placed, queryOf, type Redirects, type Rule } from './rules.ts';

const MOST = 5000;
const AT_ONCE = 200;

/** What the platform knows of rules. All throw WireError. */
export class FilterService {
  private readonly road: Road;

  constructor(road: Road) {
    this.road = road;
  }

  read(): Promise<Filters> {
    return askJson(this.road, '/api/filters');
  }

  save({ state, items, absence }: Pick<Filters, 'state' | 'items' | 'absence'>): Promise<Filters> {
    return askJson(this.road, '/api/filters', { method: 'PUT', body: { state, items, absence } });
  }

  async sendCode(address: string): Promise<void> {
    await ask(this.road, '/api/filters/addresses', { method: 'POST', body: { address } });
  }

  prove(address: string, code: string): Promise<{ readonly redirects: Redirects }> {
    return askJson(this.road, '/api/filters/addresses/proof', { method: 'POST', body: { address, code } });
  }

  forget(address: string): Promise<{ readonly redirects: Redirects }> {
    return askJson(this.road, `/api/filters/addresses?address=${encodeURIComponent(address)}`, { method: 'DELETE' });
  }
}

export interface Tried {
  readonly total: number;
  readonly ids: readonly EmailId[];
  readonly first: readonly { readonly id: EmailId; readonly subject: string; readonly from: string }[];
}

/** The mail already in a folder that a rule would have taken; nothing is changed. Throws WireError. */
export async function tryRule(jmap: Jmap, account: AccountId, rule: Rule, mailbox: MailboxId): Promise<Tried> {
  const batch = new Batch();
  const sort = [{ property: 'receivedAt', isAscending: false }];
  const asked = { accountId: account, filter: queryOf(rule, mailbox), sort, collapseThreads: false };
  const query = batch.add('Email/query', { ...asked, limit: MOST, calculateTotal: true });
  const few = batch.add('Email/query', { ...asked, limit: 4 });
  const heads = batch.add('Email/get', { accountId: account, '#ids': few.ref('/ids'), properties: ['subject', 'from'] });
  const answers = await jmap.send(batch, { background: false });
  const { ids, total } = answers.of(query);
  const first = answers.of(heads).list.map(({ id, subject, from }) => ({ id, subject: subject ?? '', from: from?.[0]?.name ?? from?.[0]?.email ?? '' }));
  return { total: total ?? ids.length, ids, first };
}

/** Do to these messages what the rule would have done; the way back undoes it. Throws WireError. */
export async function applyRule(jmap: Jmap, account: AccountId, actions: Actions, ids: readonly EmailId[]): Promise<() => Promise<void>> {
  const done: ReturnType<typeof changesFor>['back'][] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const batch = new Batch();
    const get = batch.add('Email/get', { accountId: account, ids: ids.slice(at, at + AT_ONCE), properties: ['mailboxIds', 'keywords'] });
    const { list } = (await jmap.send(batch, { background: false })).of(get);
    const { there, back } = changesFor(actions, list as readonly Placed[]);
    await change(jmap, account, there);
    done.push(back);
  }
  return async () => {
    for (const back of done) await change(jmap, account, back);
  };
}

async function change(jmap: Jmap, account: AccountId, update: ReturnType<typeof changesFor>['back']): Promise<void> {
  const batch = new Batch();
  const set = batch.add('Email/set', { accountId: account, update });
  const { notUpdated } = (await jmap.send(batch, { background: false })).of(set);
  // A message that is gone needs nothing any more; a folder that is gone is to be told.
  const refused = Object.values(notUpdated ?? {}).find((error) => error !== undefined && error.type !== 'notFound');
  if (refused !== undefined) throw new WireError(problemOfJmap(refused.type, refused.description ?? null));
}

export interface Read {
  readonly arrived: number;
  readonly read: number;
}

/** For each folder: what arrived since a day, and how much of it was read. Throws WireError. */
export async function reviewFolders(jmap: Jmap, account: AccountId, folders: readonly MailboxId[], since: string): Promise<ReadonlyMap<MailboxId, Read>> {
  const found = new Map<MailboxId, Read>();
  for (let at = 0; at < folders.length; at += 8) {
    const batch = new Batch();
    const asked = folders.slice(at, at + 8).map((mailbox) => {
      const count = (more: object) =>
        batch.add('Email/query', {
          accountId: account, filter: { inMailbox: mailbox, after: since, ...more }, sort: [], collapseThreads: false, limit: 1, calculateTotal: true,
        });
      return { mailbox, all: count({}), read: count({ hasKeyword: '$seen' }) };
    });
    const answers = await jmap.send(batch, { background: false });
    for (const { mailbox, all, read } of asked) {
      if (answers.failure(all) !== null) continue; // the folder is gone
      found.set(mailbox, { arrived: answers.of(all).total ?? 0, read: answers.of(read).total ?? 0 });
    }
  }
  return found;
}
