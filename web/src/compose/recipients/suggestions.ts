import { useEffect, useState } from 'react';

import type { People, Person } from '../../commands/types.ts';
import { fold } from '../../store/search/search-terms.ts';
import type { Address, Store } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { knownPeople } from './known.ts';

const NONE: People = { found: [], silent: false };
const PAUSE_MS = 120;
const MOST = 8;
/** How many of those one writes to stand before the directory. */
const OFTEN = 4;
/** How many rows of the open list are looked at for people one writes with. */
const ROWS = 100;

/** People of the mail at hand: who isn't in the directory is found all the same. */
function correspondents(store: Store, typed: string): Person[] {
  const { list, open } = store.view();
  const people: Address[] = [];
  if (open !== null) for (const one of store.conversation(open).messages) people.push(...one.from, ...one.to, ...one.cc);
  if (list !== null) {
    const rows = store.list(list);
    for (let at = 0; at < Math.min(rows.length, ROWS); at += 1) {
      const row = rows.row(at);
      if (row !== undefined) people.push(...row.from, ...row.to);
    }
  }
  return fitting(people, typed);
}

function merged(typed: string, taken: readonly Address[], lists: readonly (readonly Person[])[]): readonly Person[] {
  const seen = new Set(taken.map((person) => person.email.toLowerCase()));
  const all = lists.flat().filter((person) => {
    const key = person.email.toLowerCase();
    if (seen.has(key) || key === typed.toLowerCase()) return false;
    seen.add(key);
    return true;
  });
  return all.slice(0, MOST);
}

function fitting(known: readonly Address[], typed: string): Person[] {
  const wanted = fold(typed);
  const fits = ({ name, email }: Address): boolean =>
    fold(`${name ?? ''} ${email}`).split(/[\s.@_-]+/).some((word) => word.startsWith(wanted)) || fold(name ?? '').startsWith(wanted);
  return known.filter(fits).map((person) => ({ name: person.name ?? person.email, email: person.email, detail: '' }));
}

/** Those whom one has written to stand first; the directory knows more of them than their name. */
function arranged(written: readonly Person[], directory: readonly Person[]): readonly Person[] {
  const told = new Map(directory.map((person) => [person.email.toLowerCase(), person]));
  return written.map((person) => told.get(person.email.toLowerCase()) ?? person);
}

/** Who is meant by what is typed: those one writes to, the directory, then those of the mail at hand and of address books. */
export function useSuggestions(typed: string, taken: readonly Address[]): People & { readonly forget: () => void } {
  const client = useClient();
  const { commands, store } = client;
  const [people, setPeople] = useState(NONE);
  const text = typed.trim();

  useEffect(() => {
    if (text.length < 2) {
      setPeople(NONE);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      void Promise.all([commands.people(text), knownPeople(client)]).then(([{ found, silent }, known]) => {
        if (!current) return;
        const written = fitting(known.people, text);
        const often = written.filter(({ email }) => known.written.has(email.toLowerCase())).slice(0, OFTEN);
        setPeople({ found: merged(text, taken, [arranged(often, found), found, written, correspondents(store, text)]), silent });
      });
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, taken, client, commands, store]);

  return { ...people, forget: () => setPeople(NONE) };
}
