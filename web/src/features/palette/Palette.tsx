import './palette.css';

import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';

import type { People } from '../../commands/types.ts';
import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { useFeatures, usePage } from '../../ui/features.tsx';
import { isCharacter, keysInWords, useShortcuts } from '../../ui/keys.tsx';
import { SilentDirectory } from '../../ui/SilentDirectory.tsx';
import { allLines, fitting, type Line, personLines } from './lines.ts';
import { paletteWords } from './more-words.ts';

/** People aren't asked for at each letter. */
const PAUSE_MS = 200;
const NOBODY: People = { found: [], silent: false };

/** One field: type a few letters of anything, Enter does it. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const text = useWords(paletteWords);
  const page = usePage();
  const features = useFeatures();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const { found: people, silent } = usePeople(typed);
  // What one could do when it was opened: opening it changes nothing.
  const [all] = useState(() => allLines(page, features, text));
  const search: Line = {
    key: 'search', label: text.search(typed.trim()), detail: text.everywhere, icon: Search,
    run: () => void page.commands.run('search', { text: typed.trim(), everywhere: true }),
  };
  const found = [...fitting(all, typed), ...personLines(people, page, text), ...(typed.trim() === '' ? [] : [search])];
  const chosen = Math.min(at, found.length - 1);
  const choose = (line: Line | undefined): void => {
    if (line === undefined) return;
    onClose();
    // The sheet has to be gone before an act opens another or moves the focus.
    setTimeout(line.run);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (event.key === 'Enter') choose(found[chosen]);
    else if (step === undefined) return;
    else setAt(Math.max(0, Math.min(found.length - 1, chosen + step)));
    event.preventDefault();
  };
  return (
    <Dialog title={text.title} onClose={onClose}>
      <input
        className="input"
        type="text"
        role="combobox"
        autoComplete="off"
        aria-expanded="true"
        aria-controls="palette-lines"
        aria-activedescendant={chosen >= 0 ? `palette-${chosen}` : undefined}
        aria-label={text.placeholder}
        placeholder={text.placeholder}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <Lines lines={found} chosen={chosen} onChoose={choose} />
      <SilentDirectory silent={silent} says="known" />
      <p className="hidden-words" role="status">
        {text.found(found.length)}
      </p>
    </Dialog>
  );
}

interface LinesProps {
  readonly lines: readonly Line[];
  readonly chosen: number;
  readonly onChoose: (line: Line) => void;
}

function Lines({ lines, chosen, onChoose }: LinesProps) {
  const text = useWords(paletteWords);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, lines]);
  return (
    <div ref={list} id="palette-lines" role="listbox" aria-label={text.title} className="palette-lines">
      {lines.map((line, index) => (
        <div
          key={line.key}
          id={`palette-${index}`}
          role="option"
          aria-selected={index === chosen}
          className="palette-line"
          onClick={() => onChoose(line)}
        >
          <line.icon aria-hidden="true" size={18} strokeWidth={1.75} />
          <span className="palette-label">{line.label}</span>
          <span className="palette-detail">{line.detail}</span>
          {line.keys !== undefined && <Keys keys={line.keys} />}
        </div>
      ))}
    </div>
  );
}

function Keys({ keys }: { readonly keys: string }) {
  const { words } = useLanguage();
  const shortcuts = useShortcuts();
  if (!shortcuts && isCharacter(keys)) return null;
  return <kbd>{keysInWords(keys, words).map((step) => step.join('+')).join(' ')}</kbd>;
}

/** Colleagues whose name begins so, once typing pauses. */
function usePeople(typed: string): People {
  const { commands } = usePage();
  const [people, setPeople] = useState(NOBODY);
  const asked = typed.trim();
  useEffect(() => {
    if (asked.length < 2) return;
    const timer = setTimeout(() => void commands.people(asked).then(({ found, silent }) => setPeople({ found: found.slice(0, 3), silent })), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [asked, commands]);
  return asked.length < 2 ? NOBODY : people;
}
