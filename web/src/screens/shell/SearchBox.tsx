import { Search, SlidersHorizontal, X } from 'lucide-react';
import { type KeyboardEvent, type SyntheticEvent, useEffect, useRef, useState } from 'react';

import { SEARCH_FORM } from '../../features/search/feature.ts';
import type { Suggested, Suggestion } from '../../features/search/suggest.ts';
import { actWords } from '../../features/search/words.ts';
import { useLanguage } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { useRead } from '../../ui/client.tsx';
import { usePage } from '../../ui/features.tsx';
import { readQuery, writeQuery } from '../list/query.ts';

const PAUSE_MS = 350;
/** Two letters begin half of all words: they propose people, and are looked for when one presses Enter. */
const WHILE_TYPING = 3;
const NONE: Suggested = { options: [], note: null };
/** What is proposed is loaded when one first comes here. */
const suggesting = () => import('../../features/search/suggest.ts');

/** One box for all folders. Searching begins while one types; terms with operators become chips below it. */
export function SearchBox() {
  const { words, locale } = useLanguage();
  const page = usePage();
  const { commands } = page;
  const current = useRead((store) => store.view().list?.search ?? null);
  const [typed, setTyped] = useState('');
  const [terms, setTerms] = useState<readonly string[]>([]);
  const [shown, setShown] = useState<string | null>(null);
  const [proposed, setOptions] = useState(NONE);
  const { options, note } = proposed;
  const [chosen, setChosen] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Which proposals are waited for: a search that was begun wants none any more. */
  const awaited = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  // A search that didn't come from here (a chip, a link, the way back) is taken over.
  if (current !== shown) {
    const query = readQuery(current ?? '');
    setShown(current);
    setTyped(query.words);
    setTerms(query.terms);
  }

  const run = (text: string, kept = terms): void => {
    clearTimeout(timer.current);
    const whole = writeQuery({ words: text, terms: kept });
    setShown(whole === '' ? null : whole);
    void commands.run('search', { text: whole, everywhere: true });
  };
  const offer = (text: string): void => {
    setChosen(-1);
    awaited.current += 1;
    const mine = awaited.current;
    void suggesting().then(async ({ suggest }) => {
      const found = await suggest(text, page);
      if (document.activeElement === field.current && awaited.current === mine) setOptions(found);
    });
  };
  const type = (text: string): void => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      offer(text);
      if (text.trim().length >= WHILE_TYPING || text === '') run(text);
    }, PAUSE_MS);
  };
  /** What was typed is whole: its operators become chips. */
  const finish = (text: string): void => {
    const query = readQuery(text);
    const all = [...terms, ...query.terms];
    awaited.current += 1;
    setOptions(NONE);
    setTyped(query.words);
    setTerms(all);
    run(query.words, all);
    const whole = writeQuery({ words: query.words, terms: all });
    void suggesting().then(({ remember }) => remember(page.store, whole));
  };
  const choose = (option: Suggestion): void => {
    if (option.run) finish(option.text);
    else {
      setTyped(option.text);
      offer(option.text);
    }
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const option = options[chosen];
    if (option === undefined) finish(typed);
    else choose(option);
  };
  const clear = (): void => {
    setTyped('');
    setTerms([]);
    setOptions(NONE);
    run('', []);
    field.current?.focus();
  };
  const leave = (): void => {
    if (options.length > 0 || note !== null) setOptions(NONE);
    else if (typed !== '' || current !== null) clear();
    else field.current?.blur();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') leave();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (options.length > 0) setChosen(step(chosen, event.key === 'ArrowDown' ? 1 : -1, options.length));
      else if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('#conversations [tabindex="0"]')?.focus();
    }
  };

  return (
    <form role="search" className="search" onSubmit={submit} onBlur={(event) => leaves(event) && setOptions(NONE)}>
      <Search aria-hidden="true" size={20} strokeWidth={1.75} />
      <input
        ref={field}
        id="search"
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        role="combobox"
        aria-expanded={options.length > 0}
        aria-controls="search-people"
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `search-person-${chosen}` : undefined}
        aria-label={words.search.label}
        placeholder={words.search.placeholder}
        value={typed}
        onFocus={() => offer(typed)}
        onChange={(event) => type(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {typed === '' && current === null ? <kbd aria-hidden="true">/</kbd> : <Button icon={X} small wordless label={words.search.clear} onClick={clear} />}
      <Button icon={SlidersHorizontal} small wordless label={actWords[locale].form} onClick={() => page.show(SEARCH_FORM, {})} />
      <Options options={options} note={note} chosen={chosen} onChoose={choose} />
    </form>
  );
}

interface OptionsProps extends Suggested {
  readonly chosen: number;
  readonly onChoose: (option: Suggestion) => void;
}

function Options({ options, note, chosen, onChoose }: OptionsProps) {
  const { words } = useLanguage();
  return (
    <div className="suggestions" hidden={options.length === 0 && note === null}>
      <div id="search-people" role="listbox" aria-label={words.compose.suggestions} hidden={options.length === 0}>
        {options.map((option, at) => (
          <div
            key={option.key}
            id={`search-person-${at}`}
            role="option"
            aria-selected={at === chosen}
            className="suggestion"
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(option)}
          >
            <span className="suggestion-name">{option.label}</span>
            <span className="suggestion-detail">{option.detail}</span>
          </div>
        ))}
      </div>
      <div role="status">{note !== null && <p className="suggestion-note">{note}</p>}</div>
    </div>
  );
}

function step(at: number, by: number, length: number): number {
  const next = at + by;
  return next >= length ? -1 : next < -1 ? length - 1 : next;
}

function leaves(event: React.FocusEvent<HTMLElement>): boolean {
  return !event.currentTarget.contains(event.relatedTarget);
}
