import { useEffect, useState } from 'react';

import type { Person } from '../commands/types.ts';
import type { Address, Store } from '../store/types.ts';
import { useCommands, useStoreItself } from '../ui/client.tsx';

const PAUSE_MS = 120;
const MOST = 8;
/** How many rows of the open list are looked at for people one writes with. */
const ROWS = 100;

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

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
  const wanted = plain(typed);
  const fits = (person: Address): boolean =>
    plain(`${person.name ?? ''} ${person.email}`)
      .split(/[\s.@_-]+/)
      .some((word) => word.startsWith(wanted)) || plain(person.name ?? '').startsWith(wanted);
  return people.filter(fits).map((person) => ({ name: person.name ?? person.email, email: person.email, detail: '' }));
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

/** Who is meant by what is typed: the directory first, then those one writes with. */
export function useSuggestions(typed: string, taken: readonly Address[]): { found: readonly Person[]; forget: () => void } {
  const commands = useCommands();
  const store = useStoreItself();
  const [found, setFound] = useState<readonly Person[]>([]);
  const text = typed.trim();

  useEffect(() => {
    if (text.length < 2) {
      setFound([]);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      void commands.people(text).then((people) => {
        if (current) setFound(merged(text, taken, [people, correspondents(store, text)]));
      });
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, taken, commands, store]);

  return { found, forget: () => setFound([]) };
}
