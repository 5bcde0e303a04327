import type { Services } from '../../commands/types.ts';
import { askJson } from '../../wire/http.ts';
import type { AccountId, Address, EmailId, MailboxId } from '../../wire/ids.ts';
import { problemOfJmap, WireError } from '../../wire/problems.ts';
import type { Surveyed } from './survey.ts';

const USING = ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail', 'https://cyrusimap.org/ns/jmap/quota'];
/** One request's worth of messages: some 50 ms of the server. */
const PAGE = 500;
const SET = 250;

type Call = readonly [name: string, args: Readonly<Record<string, unknown>>, id: string];

export interface Room {
  readonly used: number;
  /** Bytes; 0 where there is no limit. */
  readonly limit: number;
}

interface RawQuota {
  readonly used?: number;
  readonly total?: number;
}

interface RawEmail {
  readonly id: EmailId;
  readonly size: number;
  readonly from: readonly Address[] | null;
  readonly subject: string | null;
  readonly receivedAt: string;
  readonly mailboxIds: Readonly<Record<MailboxId, true>>;
  readonly keywords: Readonly<Record<string, true>>;
  readonly messageId: readonly string[] | null;
}

/** Several methods in one request. Throws WireError when it, or one of them, fails. */
async function ask(services: Services, calls: readonly Call[], background: boolean): Promise<readonly unknown[]> {
  const body = { using: USING, methodCalls: calls };
  const answer = await askJson<{ readonly methodResponses: readonly (readonly [string, unknown, string])[] }>(
    services.road, '/jmap/', { method: 'POST', body, background },
  );
  return answer.methodResponses.map(([name, result]) => {
    if (name !== 'error') return result;
    const { type, description } = result as { readonly type: string; readonly description?: string };
    throw new WireError(problemOfJmap(type, description ?? null));
  });
}

/** How much of the mailbox's room is taken. */
export async function roomOf(services: Services, account: AccountId): Promise<Room | null> {
  const [answer] = await ask(services, [['Quota/get', { accountId: account, ids: null }, '0']], true);
  const mail = ((answer as { readonly list?: readonly RawQuota[] }).list ?? [])[0];
  return mail === undefined ? null : { used: mail.used ?? 0, limit: mail.total ?? 0 };
}

/** Look at every message outside of OTHERS (trash and the like). `onProgress` is told how many of how many; ABORT ends it. */
export async function survey(
  services: Services,
  account: AccountId,
  others: readonly MailboxId[],
  onProgress: (seen: number, of: number) => void,
  abort: AbortSignal,
): Promise<readonly Surveyed[]> {
  const found: Surveyed[] = [];
  let last: EmailId | null = null;
  for (;;) {
    abort.throwIfAborted();
    const place = last === null ? { position: 0 } : { anchor: last, anchorOffset: 1 };
    const [query, get] = await ask(services, page(account, others, place), false);
    const { ids, total } = query as { readonly ids: readonly EmailId[]; readonly total: number };
    found.push(...(get as { readonly list: readonly RawEmail[] }).list.map(surveyed));
    onProgress(found.length, total);
    last = ids.at(-1) ?? null;
    if (ids.length < PAGE || last === null) return found;
  }
}

function page(account: AccountId, others: readonly MailboxId[], place: Readonly<Record<string, unknown>>): readonly Call[] {
  const query = {
    accountId: account,
    filter: { inMailboxOtherThan: others },
    sort: [{ property: 'receivedAt', isAscending: true }],
    limit: PAGE,
    calculateTotal: true,
    ...place,
  };
  const get = {
    accountId: account,
    '#ids': { resultOf: '0', name: 'Email/query', path: '/ids' },
    properties: ['size', 'from', 'subject', 'receivedAt', 'mailboxIds', 'keywords', 'messageId'],
  };
  return [['Email/query', query, '0'], ['Email/get', get, '1']];
}

function surveyed(raw: RawEmail): Surveyed {
  return {
    id: raw.id,
    size: raw.size,
    from: raw.from?.[0] ?? null,
    subject: raw.subject ?? '',
    receivedAt: raw.receivedAt,
    mailboxes: Object.keys(raw.mailboxIds) as MailboxId[],
    messageId: raw.messageId?.[0] ?? null,
    starred: raw.keywords['$flagged'] === true,
    unread: raw.keywords['$seen'] !== true,
  };
}

/** The messages that say how one unsubscribes from them. The server reads their headers: not at once with the rest. */
export async function letters(services: Services, account: AccountId, before: string): Promise<ReadonlySet<EmailId>> {
  const filter = { operator: 'AND', conditions: [{ before }, { header: ['List-Unsubscribe'] }] };
  const [query] = await ask(services, [['Email/query', { accountId: account, filter, limit: 5000 }, '0']], false);
  return new Set((query as { readonly ids: readonly EmailId[] }).ids);
}

/** From which folders a message goes into which. */
export interface Move {
  readonly from: readonly MailboxId[];
  readonly to: readonly MailboxId[];
}

/** Only what changes is named: what somebody else does with the message meanwhile stays. */
function patchOf({ from, to }: Move): Readonly<Record<string, true | null>> {
  const gone = from.filter((folder) => !to.includes(folder)).map((folder) => [`mailboxIds/${folder}`, null] as const);
  return Object.fromEntries([...gone, ...to.map((folder) => [`mailboxIds/${folder}`, true] as const)]);
}

/** Carry out all MOVES. Resolves with the messages that the server refused to move. */
export async function place(
  services: Services,
  account: AccountId,
  moves: ReadonlyMap<EmailId, Move>,
  onProgress: (done: number) => void,
): Promise<readonly EmailId[]> {
  const refused: EmailId[] = [];
  const all = [...moves];
  for (let start = 0; start < all.length; start += SET) {
    const part = all.slice(start, start + SET);
    const update = Object.fromEntries(part.map(([id, move]) => [id, patchOf(move)]));
    const [answer] = await ask(services, [['Email/set', { accountId: account, update }, '0']], false);
    refused.push(...(Object.keys((answer as { readonly notUpdated?: object | null }).notUpdated ?? {}) as EmailId[]));
    onProgress(Math.min(start + SET, all.length));
  }
  return refused;
}

/** The folder NAME below PARENT, made when it isn't there. */
export async function folderNamed(
  services: Services,
  account: AccountId,
  name: string,
  parent: MailboxId | null,
  known: readonly { readonly id: MailboxId; readonly name: string; readonly parent: MailboxId | null }[],
): Promise<MailboxId> {
  const there = known.find((folder) => folder.name === name && folder.parent === parent);
  if (there !== undefined) return there.id;
  const [answer] = await ask(services, [['Mailbox/set', { accountId: account, create: { f: { name, parentId: parent, isSubscribed: true } } }, '0']], false);
  const made = (answer as { readonly created?: { readonly f?: { readonly id: MailboxId } } | null }).created?.f;
  if (made === undefined) throw new WireError(problemOfJmap('invalidProperties', null));
  return made.id;
}
