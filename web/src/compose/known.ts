import type { Client } from '../commands/types.ts';
import type { Address } from '../store/types.ts';
import { Batch } from '../wire/batch.ts';
import { askJson } from '../wire/http.ts';
import type { AccountId } from '../wire/ids.ts';

/** How many sent messages tell whom one writes to. */
const SENT = 200;
const CORE = 'urn:ietf:params:jmap:core';

/** People one has written to, those of lately first, then those of one's address books. */
export interface Known {
  readonly people: readonly Address[];
  /** Addresses, in small letters. */
  readonly written: ReadonlySet<string>;
}

const NOBODY: Known = { people: [], written: new Set() };
const asked = new WeakMap<Client['services'], Promise<Known>>();

async function writtenTo({ store, services }: Client, account: AccountId): Promise<readonly Address[]> {
  const sent = store.mailboxes(account).find(({ role }) => role === 'sent');
  if (sent === undefined) return [];
  const batch = new Batch();
  const query = batch.add('Email/query', {
    accountId: account, filter: { inMailbox: sent.id }, sort: [{ property: 'receivedAt', isAscending: false }], collapseThreads: false, limit: SENT,
  });
  const get = batch.add('Email/get', { accountId: account, '#ids': query.ref('/ids'), properties: ['id', 'to', 'cc'] });
  const { list } = (await services.jmap.send(batch, { background: true })).of(get);
  return list.flatMap(({ to, cc }) => [...(to ?? []), ...(cc ?? [])]);
}

interface RawContact {
  readonly firstName?: string;
  readonly lastName?: string;
  readonly name?: { readonly full?: string };
  readonly emails?: readonly { readonly value?: string }[] | Readonly<Record<string, { readonly address?: string }>>;
}

function readContact(raw: RawContact): readonly Address[] {
  const name = raw.name?.full ?? `${raw.firstName ?? ''} ${raw.lastName ?? ''}`.trim();
  return Object.values(raw.emails ?? {}).flatMap((each: { readonly value?: string; readonly address?: string }) => {
    const email = each.value ?? each.address ?? '';
    return email === '' ? [] : [{ name: name === '' ? null : name, email }];
  });
}

/** Cyrus tells contacts by a method of its own before 3.10, by JMAP's afterwards (RFC 9610). */
const BOOKS = [
  ['https://cyrusimap.org/ns/jmap/contacts', 'Contact/get', ['firstName', 'lastName', 'emails']],
  ['urn:ietf:params:jmap:contacts', 'ContactCard/get', ['name', 'emails']],
] as const;

async function contacts({ services }: Client, accountId: AccountId): Promise<readonly Address[]> {
  for (const [capability, method, properties] of BOOKS) {
    try {
      const answer = await askJson<{ readonly methodResponses: readonly (readonly [string, { readonly list?: readonly RawContact[] }])[] }>(
        services.road, '/jmap/',
        { method: 'POST', background: true, body: { using: [CORE, capability], methodCalls: [[method, { accountId, ids: null, properties }, '0']] } },
      );
      return (answer.methodResponses[0]?.[1].list ?? []).flatMap(readContact);
    } catch {
      // This store doesn't speak that way, or can't be asked now: completion does with the rest.
    }
  }
  return [];
}

/** Asked once for as long as the page is open, when one first writes. */
export function knownPeople(client: Client): Promise<Known> {
  const before = asked.get(client.services);
  if (before !== undefined) return before;
  const account = client.store.me()?.account;
  if (account === undefined) return Promise.resolve(NOBODY);
  const asking = Promise.all([writtenTo(client, account).catch(() => []), contacts(client, account)]).then(([written, books]) => ({
    people: [...written, ...books],
    written: new Set(written.map(({ email }) => email.toLowerCase())),
  }));
  asked.set(client.services, asking);
  return asking;
}

/** Whether an address is outside the academy: none of its domains, nor below one. */
export function isOutside(email: string, domains: readonly string[]): boolean {
  const domain = email.toLowerCase().split('@').at(-1) ?? '';
  return domains.length > 0 && !domains.some((own) => domain === own || domain.endsWith(`.${own}`));
}
