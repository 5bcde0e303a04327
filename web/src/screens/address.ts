import { useEffect, useRef, useState } from 'react';

import type { Commands } from '../commands/types.ts';
import type { AccountId, ListSpec, MailboxId, Store, ThreadId, View } from '../store/types.ts';
import { useCommands, useRead, useStoreItself } from '../ui/client.tsx';

/** What the address bar says: a folder or a search, and the conversation that is open. */
export interface Place {
  readonly account: string | null;
  readonly folder: string | null;
  readonly search: string | null;
  /** The keyword of a label. */
  readonly label: string | null;
  readonly thread: string | null;
  /** What of a folder is shown, where that isn't all. */
  readonly only: 'unread' | 'starred' | null;
}

const ONLY = { 'non-lus': 'unread', 'suivis': 'starred' } as const;

function readOnly(written: string | null): Place['only'] {
  return written === 'non-lus' || written === 'suivis' ? ONLY[written] : null;
}

export function readPlace(query: string): Place {
  const given = new URLSearchParams(query);
  const get = (name: string): string | null => given.get(name);
  return { account: get('boite'), folder: get('dossier'), search: get('recherche'), label: get('etiquette'), thread: get('fil'), only: readOnly(get('seuls')) };
}

export function writePlace(place: Place): string {
  const query = new URLSearchParams();
  if (place.account !== null) query.set('boite', place.account);
  if (place.search !== null) query.set('recherche', place.search);
  else if (place.label !== null) query.set('etiquette', place.label);
  else if (place.folder !== null) {
    query.set('dossier', place.folder);
    if (place.only !== null) query.set('seuls', place.only === 'unread' ? 'non-lus' : 'suivis');
  }
  if (place.thread !== null) query.set('fil', place.thread);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function placeOf(view: View, personal: AccountId): Place {
  const { list, open } = view;
  const thread = open?.thread ?? null;
  if (list === null) return { account: null, folder: null, search: null, label: null, thread, only: null };
  const account = list.account === personal ? null : list.account;
  return { account, folder: list.mailbox, search: list.search, label: list.keyword ?? null, thread, only: list.only === 'all' ? null : list.only };
}

/** Whose mailbox an address names: its folders must be known before one can go there. One that is closed is passed over. */
function accountIn(query: string, personal: AccountId, store: Store): AccountId {
  const { account } = readPlace(query);
  const known = store.accounts();
  // Folders kept on the device are there before one knows whose mailboxes are open to one.
  if (account !== null && known.length === 0) return account as AccountId;
  return known.find(({ id }) => id === account)?.id ?? personal;
}

/** Go where an address says; parts that don't exist any more are passed over. */
async function goTo(place: Place, personal: AccountId, commands: Commands, store: Store): Promise<void> {
  const account = (place.account ?? personal) as AccountId;
  if (place.search !== null) await goToSearch(place.search, commands, store);
  else if (place.label !== null) await goToLabel(place.label, account, commands, store);
  else if (place.folder !== null) await goToFolder(place.folder as MailboxId, account, place.only ?? 'all', commands, store);
  const open = store.view().open?.thread ?? null;
  if (place.thread === open) return;
  if (place.thread === null) await commands.run('close-conversation', {});
  else await commands.run('open-conversation', { account, thread: place.thread as ThreadId });
}

async function goToSearch(text: string, commands: Commands, store: Store): Promise<void> {
  if (store.view().list?.search !== text) await commands.run('search', { text, everywhere: true });
}

async function goToLabel(keyword: string, account: AccountId, commands: Commands, store: Store): Promise<void> {
  if (store.view().list?.keyword !== keyword) await commands.run('open-keyword', { account, keyword });
}

async function goToFolder(mailbox: MailboxId, account: AccountId, only: ListSpec['only'], commands: Commands, store: Store): Promise<void> {
  const { list } = store.view();
  const there = list?.mailbox === mailbox && list.search === null;
  const known = store.mailboxes(account).some((one) => one.id === mailbox);
  if (!there && known) await commands.run('open-folder', { account, mailbox });
  const open = store.view().list;
  if (open?.mailbox === mailbox && open.search === null && open.only !== only) await commands.run('filter', { only });
}

/** From one conversation to the next, and while a search is typed, « back » has nothing to come back to in between. */
function isSameStep(before: Place, after: Place): boolean {
  const reading = before.thread !== null && after.thread !== null && before.folder === after.folder;
  const typing = before.search !== null && after.search !== null && before.thread === after.thread;
  return reading || typing;
}

/**
 * Keep the address bar and what is shown the same, both ways: back, forward, reload and a kept link all work. Browsers
 * write addresses down: on a shared computer what is looked for doesn't stand there.
 */
export function useAddress(personal: AccountId, shared: boolean): void {
  const commands = useCommands();
  const store = useStoreItself();
  const view = useRead((read) => read.view());
  const ready = useRead((read) => read.mailboxes(personal).length > 0 && read.mailboxes(accountIn(location.search, personal, read)).length > 0);
  const begun = useRef(false);
  const [followed, setFollowed] = useState(false);

  useEffect(() => {
    if (!ready || begun.current) return;
    begun.current = true;
    const given = new URLSearchParams(location.search);
    void goTo(readPlace(location.search), personal, commands, store).then(() => {
      setFollowed(true);
      const to = given.get('ecrire');
      if (to !== null) void commands.run('compose', to === '' ? {} : { to: [{ name: null, email: to }] });
    });
  }, [ready, personal, commands, store]);

  useEffect(() => {
    const follow = (): void => void goTo(readPlace(location.search), personal, commands, store);
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, [personal, commands, store]);

  useEffect(() => {
    if (!followed || view.list === null) return;
    const here = placeOf(view, personal);
    const place = shared ? { ...here, search: null } : here;
    const wanted = writePlace(place);
    if (wanted === location.search) return;
    const url = location.pathname + wanted;
    if (location.search === '' || isSameStep(readPlace(location.search), place)) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
  }, [view, personal, shared, followed]);
}
