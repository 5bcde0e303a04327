import './cleaning.css';

import { Archive, Trash2 } from 'lucide-react';
import { useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { PickAll, PickDone, type Picked, toggled } from '../../ui/Picking.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import type { Heap } from './survey.ts';
import { type Cleaning, type Kind, KINDS, type Outcome, useCleaning } from './use-cleaning.ts';
import { WORDS } from './words.ts';

/** What takes room, by kinds; what is ticked goes to the trash or to the archive, and comes back when one likes. */
export function CleaningSheet({ me, onClose }: { readonly me: Me; readonly onClose: () => void }) {
  const words = useWords(WORDS);
  const [kind, setKind] = useState<Kind>('largest');
  const [chosen, setChosen] = useState<Picked>(new Set());
  const cleaning = useCleaning(me, kind);
  const heaps = cleaning.heaps?.filter(({ key }) => chosen.has(key)) ?? [];
  return (
    <Dialog title={words.title} wide onClose={onClose} footer={<Foot kind={kind} heaps={heaps} cleaning={cleaning} onDone={() => setChosen(new Set())} />}>
      <div className="segments cleaning-kinds" role="group" aria-label={words.title}>
        {KINDS.map((one) => (
          <Button
            key={one}
            label={words.kinds[one]}
            small
            aria-pressed={one === kind}
            onClick={() => {
              setKind(one);
              setChosen(new Set());
            }}
          />
        ))}
      </div>
      <p className="soft">{words.about[kind]}</p>
      {cleaning.outcome !== null && <Done outcome={cleaning.outcome} onUndo={() => void cleaning.undo()} />}
      <Found kind={kind} cleaning={cleaning} chosen={chosen} onChoose={setChosen} />
    </Dialog>
  );
}

function Done({ outcome, onUndo }: { readonly outcome: Outcome; readonly onUndo: () => void }) {
  const words = useWords(WORDS);
  const said = { trashed: words.trashed, archived: words.archived, undone: () => words.undone }[outcome.kind](outcome.count);
  return (
    <PickDone undo={words.undo} onUndo={outcome.kind !== 'undone' && outcome.count > 0 ? onUndo : null}>
      {said} {outcome.kind === 'trashed' && words.trashNote} {outcome.refused > 0 && words.refused(outcome.refused)}
    </PickDone>
  );
}

interface FoundProps {
  readonly kind: Kind;
  readonly cleaning: Cleaning;
  readonly chosen: Picked;
  readonly onChoose: (chosen: Picked) => void;
}

function Found({ kind, cleaning, chosen, onChoose }: FoundProps) {
  const words = useWords(WORDS);
  const { problem, looking, heaps } = cleaning;
  if (problem !== null) return <Trouble what={words.failed} problem={problem} onRetry={cleaning.again} />;
  if (heaps === null) return <Looking done={looking?.done ?? 0} of={looking?.of ?? 0} />;
  if (heaps.length === 0) return <p>{words.nothing[kind]}</p>;
  return (
    <>
      <PickAll keys={heaps.map(({ key }) => key)} picked={chosen} onPick={onChoose}>
        {words.all}
      </PickAll>
      <ul className="picking-list">
        {heaps.map((heap) => (
          <Line key={heap.key} heap={heap} kind={kind} chosen={chosen.has(heap.key)} onToggle={() => onChoose(toggled(chosen, heap.key))} />
        ))}
      </ul>
    </>
  );
}

function Looking({ done, of }: { readonly done: number; readonly of: number }) {
  const words = useWords(WORDS);
  return (
    <div role="status">
      <p>{words.looking(done, of)}</p>
      <progress className="cleaning-progress" max={Math.max(of, 1)} value={done} aria-label={words.title} />
    </div>
  );
}

interface LineProps {
  readonly heap: Heap;
  readonly kind: Kind;
  readonly chosen: boolean;
  readonly onToggle: () => void;
}

function Line({ heap, kind, chosen, onToggle }: LineProps) {
  const language = useLanguage();
  const words = useWords(WORDS);
  const title = heap.title.trim() === '' ? words.noSubject : heap.title;
  const from = heap.emails[0]?.from;
  const single = kind === 'largest' || kind === 'duplicates';
  return (
    <li>
      <label className="picking-line cleaning-line">
        <input type="checkbox" checked={chosen} onChange={onToggle} aria-label={words.choose(title)} />
        <span className="picking-title">
          <span>{title}</span>
          <span className="soft">{single ? (from?.name ?? from?.email ?? '') : words.messages(heap.emails.length)}</span>
        </span>
        <time dateTime={heap.newest}>{language.shortDate(heap.newest)}</time>
        <span className="cleaning-size">{language.size(heap.bytes)}</span>
      </label>
    </li>
  );
}

interface FootProps {
  readonly kind: Kind;
  readonly heaps: readonly Heap[];
  readonly cleaning: Cleaning;
  readonly onDone: () => void;
}

function Foot({ kind, heaps, cleaning, onDone }: FootProps) {
  const { size } = useLanguage();
  const words = useWords(WORDS);
  const count = heaps.reduce((sum, { emails }) => sum + emails.length, 0);
  const bytes = heaps.reduce((sum, heap) => sum + heap.bytes, 0);
  const { working } = cleaning;
  const act = async (): Promise<void> => {
    if (await cleaning.act(heaps)) onDone();
  };
  return (
    <>
      <span className="soft" aria-live="polite">
        {working === null ? count > 0 && words.chosen(count, size(bytes)) : words.working(working.done, working.of)}
      </span>
      <span className="grow" />
      <Button
        icon={kind === 'years' ? Archive : Trash2}
        label={kind === 'years' ? words.archive : words.trash}
        look="primary"
        disabled={count === 0 || working !== null}
        onClick={() => void act()}
      />
    </>
  );
}
