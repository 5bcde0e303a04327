/** Whom a person knows: those they write to, those who write to them, and their address books. */

import { Batch } from '../wire/batch.ts';
import { askJson } from '../wire/http.ts';
import type { Jmap } from '../wire/jmap.ts';
import type { Road } from '../wire/road.ts';
import { fold } from './search/search-terms.ts';
import type { AccountId, Address, Store } from './types.ts';

export interface Acquaintance extends Address {
  /** One has written to them. */
  readonly written: boolean;
  /** Goes up with each message, the more the newer it is. */
  readonly weight: number;
}

/** What is asked of the server, and when. */
export interface Asking {
  readonly store: Store;
  readonly jmap: Jmap;
  readonly road: Road;
  readonly now: () => number;
}

/** How many of the newest messages, sent and received, tell whom one writes with. */
const MESSAGES = 300;
/** After so many days a message counts half. */
const HALF_LIFE = 60;
const DAY_MS = 86_400_000;
const WROTE_TO = 3;
const HEARD_FROM = 1;
const IN_A_BOOK = 0.5;
const ASKED_AGAIN_MS = 15 * 60_000;
const NEWEST_FIRST = [{ property: 'receivedAt', isAscending: false }];
const CORE = 'urn:ietf:params:jmap:core';

/** Adds up what messages and books tell, by address. */
class Tally {
  private readonly people = new Map<string, Acquaintance>();
  private readonly now: number;

  constructor(now: number) {
    this.now = now;
  }

  add(list: readonly Address[] | null, weight: number, at: string | null): void {
    const days = at === null ? 0 : Math.max(0, (this.now - Date.parse(at)) / DAY_MS);
    for (const { name, email } of list ?? []) {
      const key = email.toLowerCase();
      const known = this.people.get(key) ?? { name: null, email, written: false, weight: 0 };
      this.people.set(key, {
        // The newest message comes first: the name that somebody uses now.
        name: known.name ?? (name === '' ? null : name), email: known.email,
        written: known.written || weight === WROTE_TO,
        weight: known.weight + weight * 0.5 ** (days / HALF_LIFE),
      });
    }
  }

  all(own: ReadonlySet<string>): readonly Acquaintance[] {
    return [...this.people.values()].filter(({ email }) => !own.has(email.toLowerCase())).sort((one, other) => other.weight - one.weight);
  }
}

async function readMail({ store, jmap }: Asking, account: AccountId, tally: Tally): Promise<void> {
  const folders = store.mailboxes(account);
  const sent = folders.find(({ role }) => role === 'sent');
  const elsewhere = folders.filter(({ role }) => role === 'sent' || role === 'drafts' || role === 'junk' || role === 'trash').map(({ id }) => id);
  const batch = new Batch();
  const newest = { accountId: account, sort: NEWEST_FIRST, collapseThreads: false, limit: MESSAGES };
  const received = batch.add('Email/query', { ...newest, filter: elsewhere.length === 0 ? {} : { inMailboxOtherThan: elsewhere } });
  const from = batch.add('Email/get', { accountId: account, '#ids': received.ref('/ids'), properties: ['id', 'from', 'receivedAt'] });
  let to = null;
  if (sent !== undefined) {
    const written = batch.add('Email/query', { ...newest, filter: { inMailbox: sent.id } });
    to = batch.add('Email/get', { accountId: account, '#ids': written.ref('/ids'), properties: ['id', 'to', 'cc', 'receivedAt'] });
  }
  const answers = await jmap.send(batch, { background: true });
  if (to !== null) {
    for (const message of answers.of(to).list) {
      tally.add(message.to, WROTE_TO, message.receivedAt);
      tally.add(message.cc ?? null, WROTE_TO, message.receivedAt);
    }
  }
  for (const message of answers.of(from).list) tally.add(message.from, HEARD_FROM, message.receivedAt);
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

interface BookAnswer {
  readonly methodResponses: readonly (readonly [string, { readonly list?: readonly RawContact[] }])[];
}

async function readBooks({ road }: Asking, accountId: AccountId, tally: Tally): Promise<void> {
  for (const [capability, method, properties] of BOOKS) {
    try {
      const answer = await askJson<BookAnswer>(road, '/jmap/', {
        method: 'POST', background: true, body: { using: [CORE, capability], methodCalls: [[method, { accountId, ids: null, properties }, '0']] },
      });
      for (const contact of answer.methodResponses[0]?.[1].list ?? []) tally.add(readContact(contact), IN_A_BOOK, null);
      return;
    } catch {
      // This store doesn't speak that way, or can't be asked now: the rest tells enough.
    }
  }
}

async function ask(asking: Asking): Promise<readonly Acquaintance[]> {
  const me = asking.store.me();
  if (me === null) return [];
  const tally = new Tally(asking.now());
  await readMail(asking, me.account, tally).catch(() => undefined);
  await readBooks(asking, me.account, tally);
  return tally.all(new Set([me.address, ...me.identities.map(({ email }) => email)].map((email) => email.toLowerCase())));
}

const asked = new WeakMap<Jmap, { readonly at: number; readonly people: Promise<readonly Acquaintance[]> }>();

/** All of them, the nearest first. Asked when first wanted, and again after a while. */
export function acquaintances(asking: Asking): Promise<readonly Acquaintance[]> {
  const before = asked.get(asking.jmap);
  if (before !== undefined && asking.now() - before.at < ASKED_AGAIN_MS) return before.people;
  const people = ask(asking);
  asked.set(asking.jmap, { at: asking.now(), people });
  return people;
}

/** Those whose name or address has all the words that are typed, each at the beginning of a word. */
export function fitting<Each extends Address>(people: readonly Each[], typed: string): readonly Each[] {
  const wanted = fold(typed).split(/\s+/u).filter((word) => word !== '');
  if (wanted.length === 0) return [];
  return people.filter(({ name, email }) => {
    const address = fold(email);
    const words = fold(name ?? '').split(/[\s'’.-]+/u).concat(address.split(/[.@_+-]/u), address);
    const begins = (word: string) => words.some((one) => one.startsWith(word));
    // « d’harc », « jean-fr »: names are taken apart, and so is what is typed.
    return wanted.every((word) => begins(word) || word.split(/['’-]/u).every(begins));
  });
}

interface Named {
  readonly name: string;
  readonly email: string;
  readonly detail: string;
}

/** Those one knows before those one doesn't; the directory tells more of the ones that it has. */
export function arranged(known: readonly Acquaintance[], directory: readonly Named[], most: number): readonly Named[] {
  const told = new Map(directory.map((person) => [person.email.toLowerCase(), person]));
  const near = known.map(({ name, email }) => told.get(email.toLowerCase()) ?? { name: name ?? email, email, detail: '' });
  const all = new Map([...near.slice(0, Math.ceil(most / 2)), ...directory, ...near].map((person) => [person.email.toLowerCase(), person]));
  return [...all.values()].slice(0, most);
}
