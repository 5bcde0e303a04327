import { Search, X } from 'lucide-react';
import { type KeyboardEvent, type SyntheticEvent, useEffect, useRef, useState } from 'react';

import type { Person } from '../../commands/types.ts';
import { useLanguage } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { fromTerm, readQuery, writeQuery } from '../list/query.ts';

const PAUSE_MS = 350;

/** One box for all folders. Searching begins while one types; people are proposed as senders. */
export function SearchBox() {
  const { words } = useLanguage();
  const commands = useCommands();
  const current = useRead((store) => store.view().list?.search ?? null);
  const [typed, setTyped] = useState(current ?? '');
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [chosen, setChosen] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(current === null ? '' : readQuery(current, new Date()).words);
  }, [current]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const run = (text: string): void => {
    clearTimeout(timer.current);
    const now = new Date();
    const chips = readQuery(current ?? '', now).chips;
    const whole = text.trim() === '' && chips.size === 0 ? '' : writeQuery({ words: text, chips }, now);
    void commands.run('search', { text: whole, everywhere: true });
  };
  const type = (text: string): void => {
    setTyped(text);
    setChosen(-1);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (text.trim().length >= 2 || text === '') run(text);
      void commands.people(text.trim()).then((found) => setPeople(text.includes(':') ? [] : found.slice(0, 4)));
    }, PAUSE_MS);
  };
  const choose = (person: Person): void => {
    const text = fromTerm(person.email);
    setTyped(text);
    setPeople([]);
    run(text);
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const person = people[chosen];
    if (person !== undefined) choose(person);
    else {
      setPeople([]);
      run(typed);
    }
  };
  const clear = (): void => {
    setTyped('');
    setPeople([]);
    clearTimeout(timer.current);
    void commands.run('search', { text: '', everywhere: true });
    field.current?.focus();
  };
  const leave = (): void => {
    if (people.length > 0) setPeople([]);
    else if (typed !== '') clear();
    else field.current?.blur();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') leave();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (people.length > 0) setChosen(step(chosen, event.key === 'ArrowDown' ? 1 : -1, people.length));
      else if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('#conversations [tabindex="0"]')?.focus();
    }
  };

  return (
    <form role="search" className="search" onSubmit={submit} onBlur={(event) => leaves(event) && setPeople([])}>
      <Search aria-hidden="true" size={20} strokeWidth={1.75} />
      <input
        ref={field}
        id="search"
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        role="combobox"
        aria-expanded={people.length > 0}
        aria-controls="search-people"
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `search-person-${chosen}` : undefined}
        aria-label={words.search.label}
        placeholder={words.search.placeholder}
        value={typed}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {typed === '' ? <kbd aria-hidden="true">/</kbd> : <Button icon={X} small wordless label={words.search.clear} onClick={clear} />}
      <div id="search-people" role="listbox" aria-label={words.compose.suggestions} className="suggestions" hidden={people.length === 0}>
        {people.map((person, at) => (
          <div
            key={person.email}
            id={`search-person-${at}`}
            role="option"
            aria-selected={at === chosen}
            className="suggestion"
            onPointerDown={(event) => {
              event.preventDefault();
              choose(person);
            }}
          >
            <span className="suggestion-name">{words.search.from(person.name)}</span>
            <span className="suggestion-detail">{person.detail || person.email}</span>
          </div>
        ))}
      </div>
    </form>
  );
}

function step(at: number, by: number, length: number): number {
  const next = at + by;
  return next >= length ? -1 : next < -1 ? length - 1 : next;
}

function leaves(event: React.FocusEvent<HTMLElement>): boolean {
  return !event.currentTarget.contains(event.relatedTarget);
}
