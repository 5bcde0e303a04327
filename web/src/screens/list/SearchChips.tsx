import { BookmarkPlus, Check, X } from 'lucide-react';
import { useEffect, useState } from 'react';

import { useMissingSince } from '../../features/search/index-lag.ts';
import { SaveSearch } from '../../features/search/SaveSearch.tsx';
import { searchWords } from '../../features/search/more-words.ts';
import { useLanguage, type Words } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { fold, type Term, writeTerm } from '../../store/search/search-terms.ts';
import type { ListSpec } from '../../store/types.ts';
import { useAnnounce } from '../../ui/Announcer.tsx';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { folderName } from '../../ui/folders.ts';
import { type ChipName, CHIPS, chipsOn, pressChip, type Query, readQuery, replaceTerm, termsIn, termsOf, writeQuery } from './query.ts';

function chipWord(chip: ChipName, { search }: Words): string {
  return chip === 'file' ? search.withFile : search[chip];
}

/** What a search asks for, term by term: each can be edited and taken out; one press narrows it further. */
export function SearchChips({ spec }: { readonly spec: ListSpec }) {
  const language = useLanguage();
  const { words } = language;
  const text = useWords(searchWords);
  const commands = useCommands();
  const [saving, setSaving] = useState(false);
  const folders = useRead((store) => store.mailboxes(spec.account));
  const now = new Date();
  const asked = spec.search ?? '';
  const query = readQuery(asked);
  const on = chipsOn(query, now);
  const pressed = new Set([...on].flatMap((chip) => termsOf(chip, now)));
  const folder = folders.find((one) => one.id === spec.mailbox);
  useCounted(spec);
  const missing = useMissingSince(asked);
  const search = (changed: Query): void => {
    void commands.run('search', { text: writeQuery(changed), everywhere: spec.mailbox === null });
  };
  return (
    <>
      <div className="chips" role="group" aria-label={words.search.chips}>
        {folder !== undefined && (
          <button type="button" className="chip" aria-pressed="true" onClick={() => void commands.run('search', { text: asked, everywhere: true })}>
            <Check aria-hidden="true" size={16} /> {words.search.inFolder(folderName(folder, words))}
          </button>
        )}
        {termsIn(asked).map((term) => {
          const written = asked.slice(term.start, term.end);
          if (pressed.has(written)) return null;
          return <TermChip key={written} term={term} onChange={(by) => search(replaceTerm(query, written, by))} />;
        })}
        {CHIPS.map((chip) => (
          <button key={chip} type="button" className="chip" aria-pressed={on.has(chip)} onClick={() => search(pressChip(query, chip, now))}>
            {on.has(chip) && <Check aria-hidden="true" size={16} />} {chipWord(chip, words)}
          </button>
        ))}
        <Button icon={BookmarkPlus} small label={text.save} onClick={() => setSaving(true)} />
        {saving && <SaveSearch text={asked} onClose={() => setSaving(false)} />}
      </div>
      {missing !== null && (
        <p className="search-lag" role="status">
          {text.lag(language.longDate(missing))}
        </p>
      )}
    </>
  );
}

/** Says how many were found to who doesn't see the list. */
function useCounted(spec: ListSpec): void {
  const text = useWords(searchWords);
  const announce = useAnnounce();
  const list = useRead((store) => store.list(spec));
  const said = list.state === 'ready' ? text.found(list.length, !list.exact) : null;
  useEffect(() => {
    if (said !== null) announce(said);
  }, [said, spec.search, announce]);
}

interface ChipProps {
  readonly term: Term;
  /** Null takes it out. */
  readonly onChange: (by: string | null) => void;
}

/** A term in words: pressed, its value can be written anew; Enter keeps it. */
function TermChip({ term, onChange }: ChipProps) {
  const { locale } = useLanguage();
  const text = useWords(searchWords);
  const [value, setValue] = useState<string | null>(null);
  const { operator } = term;
  if (operator === null) return null;
  const name = term.not ? text.not(text.operators[operator]) : text.operators[operator];
  const said = text.said(name, term.value);
  const keep = (): void => {
    if (value === null) return;
    setValue(null);
    if (fold(value) !== fold(term.value)) onChange(value.trim() === '' ? null : writeTerm(operator, value, locale, term.not));
  };
  if (value !== null) {
    return (
      <input
        autoComplete="off"
        className="chip chip-field"
        autoFocus
        aria-label={name}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onBlur={keep}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keep();
          else if (event.key === 'Escape') setValue(null);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
    );
  }
  return (
    <span className="chip chip-term">
      <button type="button" className="chip-word" aria-label={text.edit(said)} onClick={() => setValue(term.value)}>
        {said}
      </button>
      <Button icon={X} small wordless label={text.remove(said)} onClick={() => onChange(null)} />
    </span>
  );
}
