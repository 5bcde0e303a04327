import { type ClipboardEvent, type DragEvent, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

import type { Person } from '../../commands/types.ts';
import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Address } from '../../store/types.ts';
import { useAnnounce } from '../../ui/Announcer.tsx';
import { nameOf } from '../../ui/people.ts';
import { SilentDirectory } from '../../ui/SilentDirectory.tsx';
import { WRITING_WORDS } from '../writing-words.ts';
import { readAddresses, withPeople } from './addresses.ts';
import { CHIP, type Dragged, type FieldName, PersonChip } from './PersonChip.tsx';
import { useSuggestions } from './suggestions.ts';

interface Props {
  readonly draft: string;
  readonly field: FieldName;
  readonly label: string;
  readonly people: readonly Address[];
  readonly autoFocus?: boolean;
  readonly error?: string | null;
  readonly end?: ReactNode;
  readonly onChange: (people: readonly Address[]) => void;
  /** Someone of another field was dropped here. */
  readonly onTake: (dragged: Dragged) => void;
  /** Someone of here goes to the field above or below. */
  readonly onMove: (person: Address, by: 1 | -1) => void;
}

/** Addressees as small labels; names are proposed while one types, addresses can be pasted many at once. */
export function RecipientField({ draft, field: name, label, people, autoFocus, error, end, onChange, onTake, onMove }: Props) {
  const { words } = useLanguage();
  const more = useWords(WRITING_WORDS);
  const announce = useAnnounce();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [chosen, setChosen] = useState(0);
  const { found, silent, forget } = useSuggestions(typed, people);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => {
    if (autoFocus) field.current?.focus();
  }, [autoFocus]);

  const add = (added: readonly Address[], rest: string): void => {
    if (added.length > 0) {
      onChange(withPeople(people, added));
      announce(more.added(added.map(nameOf).join(', ')));
    }
    setTyped(rest);
    setChosen(0);
    forget();
  };
  const remove = (removed: readonly Address[]): void => {
    if (removed.length === 0) return;
    onChange(people.filter((one) => !removed.includes(one)));
    announce(more.removed(removed.map(nameOf).join(', ')));
  };
  const choose = (person: Person): void => add([{ name: person.name, email: person.email }], '');
  /** Take what is typed as an address; false when it isn't one. */
  const commit = (): boolean => {
    if (typed.trim() === '') return true;
    const { people: added, rest } = readAddresses(typed);
    add(added, rest);
    setWrong(rest === '' ? null : rest);
    return rest === '';
  };
  /** Keyboards of phones don't tell their keys: a separator after a whole address, or a blank, ends it as well. */
  const ended = (text: string): boolean => {
    if (!/\S@\S+\.\S+[\s,;]$/.test(text)) return false;
    const { people: added, rest } = readAddresses(text);
    if (added.length === 0 || rest !== '') return false;
    add(added, rest);
    return true;
  };
  const step = (by: number): void => setChosen((chosen + by + found.length) % Math.max(1, found.length));
  /** Enter, Tab, a comma or a semicolon end an address; a proposed person is taken unless a whole address is typed. */
  const finish = (event: KeyboardEvent): void => {
    if (typed.trim() === '') return;
    if (event.key !== 'Tab') event.preventDefault();
    const person = found[chosen];
    if (person !== undefined && event.key !== ',' && !/@.+\./.test(typed)) choose(person);
    else commit();
  };
  const keys: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    Enter: finish,
    Tab: finish,
    ',': finish,
    ';': finish,
    Backspace: () => {
      if (typed === '') remove(people.slice(-1));
    },
    ArrowLeft: () => {
      if (typed === '') field.current?.parentElement?.querySelector<HTMLElement>('.person-chip:nth-last-of-type(1) [data-chip]')?.focus();
    },
    ...(found.length === 0 && !silent
      ? {}
      : {
          ArrowDown: (event: KeyboardEvent) => {
            event.preventDefault();
            step(1);
          },
          ArrowUp: (event: KeyboardEvent) => {
            event.preventDefault();
            step(-1);
          },
          Escape: (event: KeyboardEvent) => {
            event.stopPropagation();
            forget();
          },
        }),
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (!event.ctrlKey && !event.metaKey) keys[event.key]?.(event);
  };
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = event.clipboardData.getData('text');
    const { people: added, rest } = readAddresses(typed + pasted);
    if (added.length === 0) return;
    event.preventDefault();
    add(added, rest);
  };
  /** Back to text, to be mended; what was typed before becomes an address if it is one. */
  const change = (person: Address): void => {
    const { people: added } = readAddresses(typed);
    onChange(withPeople(people.filter((one) => one !== person), added));
    setTyped(person.name === null ? person.email : `${person.name} <${person.email}>`);
    setWrong(null);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.select();
    });
  };
  const drop = (event: DragEvent): void => {
    const dragged = event.dataTransfer.getData(CHIP);
    if (dragged === '') return;
    event.preventDefault();
    event.stopPropagation();
    onTake(JSON.parse(dragged) as Dragged);
  };
  const problem = wrong === null ? error : words.compose.badAddress(wrong);

  return (
    <div
      className="recipient-line"
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(CHIP)) event.preventDefault();
      }}
      onDrop={drop}
    >
      <label className="compose-label" htmlFor={id}>
        {label}
      </label>
      <div className="recipients">
        {people.map((person) => (
          <PersonChip
            key={person.email}
            draft={draft}
            field={name}
            label={label}
            person={person}
            onEdit={() => change(person)}
            onMove={(by) => onMove(person, by)}
            onRemove={() => {
              remove([person]);
              field.current?.focus();
            }}
          />
        ))}
        <input
          ref={field}
          id={id}
          type="text"
          inputMode="email"
          autoComplete="off"
          spellCheck={false}
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
          aria-invalid={Boolean(problem)}
          data-wrong={wrong === null ? undefined : ''}
          aria-describedby={problem ? `${id}-error` : undefined}
          value={typed}
          onChange={(event) => {
            setWrong(null);
            setChosen(0);
            if (!ended(event.target.value)) setTyped(event.target.value);
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={() => {
            forget();
            commit();
          }}
        />
        <div className="suggestions" hidden={found.length === 0 && !silent}>
          <div id={`${id}-list`} role="listbox" aria-label={words.compose.suggestions} hidden={found.length === 0}>
            {found.map((person, at) => (
              <div
                key={person.email}
                id={`${id}-${at}`}
                role="option"
                aria-selected={at === chosen}
                className="suggestion"
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => choose(person)}
              >
                <span className="suggestion-name">{person.name || person.email}</span>
                <span className="suggestion-detail">{person.detail === '' ? person.email : `${person.email} · ${person.detail}`}</span>
              </div>
            ))}
          </div>
          <SilentDirectory silent={silent} />
        </div>
      </div>
      {end}
      {problem && (
        <p id={`${id}-error`} className="field-error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
