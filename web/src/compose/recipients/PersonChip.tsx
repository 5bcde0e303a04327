import { Globe, X } from 'lucide-react';
import type { DragEvent, KeyboardEvent } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Address } from '../../store/types.ts';
import { useRead } from '../../ui/client.tsx';
import { nameOf } from '../../ui/people.ts';
import { isOutside } from './known.ts';
import { WORDS } from '../words.ts';

export type FieldName = 'to' | 'cc' | 'bcc';
/** What a chip is while it is dragged. */
export const CHIP = 'application/x-casier-recipient';

export interface Dragged {
  readonly draft: string;
  readonly field: FieldName;
  readonly person: Address;
}

interface Props {
  readonly draft: string;
  readonly field: FieldName;
  readonly label: string;
  readonly person: Address;
  readonly onRemove: () => void;
  readonly onEdit: () => void;
  /** To the field above or below. */
  readonly onMove: (by: 1 | -1) => void;
}

/** One addressee. Can be changed, taken out, dragged to another field; by keys as well. */
export function PersonChip({ draft, field, label, person, onRemove, onEdit, onMove }: Props) {
  const { words } = useLanguage();
  const more = useWords(WORDS);
  const outside = useRead((store) => isOutside(person.email, store.me()?.academy.domains ?? []));
  const name = nameOf(person);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const done = keyed(event, { onRemove, onEdit, onMove });
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const drag = (event: DragEvent): void => {
    const dragged: Dragged = { draft, field, person };
    event.dataTransfer.setData(CHIP, JSON.stringify(dragged));
    event.dataTransfer.setData('text/plain', person.name === null ? person.email : `${person.name} <${person.email}>`);
    event.dataTransfer.effectAllowed = 'copyMove';
  };
  const title = `${person.email}${outside ? ` – ${more.outside}` : ''}`;
  return (
    <span className={outside ? 'person-chip person-outside' : 'person-chip'} title={title} draggable onDragStart={drag}>
      {outside && <Globe aria-hidden="true" size={14} strokeWidth={1.75} />}
      <span
        role="button"
        tabIndex={-1}
        className="person-chip-name"
        data-chip={person.email}
        aria-label={`${more.person(name, person.email, label)}${outside ? `, ${more.outside}` : ''}`}
        aria-description={more.keys}
        onClick={onEdit}
        onKeyDown={onKeyDown}
      >
        {name}
      </span>
      <button type="button" tabIndex={-1} aria-label={words.compose.removeRecipient(name)} onClick={onRemove}>
        <X aria-hidden="true" size={14} />
      </button>
    </span>
  );
}

function keyed(event: KeyboardEvent<HTMLElement>, acts: Pick<Props, 'onRemove' | 'onEdit' | 'onMove'>): boolean {
  const chip = event.currentTarget;
  const keys: Readonly<Record<string, () => void>> = event.ctrlKey
    ? { ArrowUp: () => acts.onMove(-1), ArrowDown: () => acts.onMove(1) }
    : {
        Enter: acts.onEdit,
        F2: acts.onEdit,
        Delete: acts.onRemove,
        Backspace: acts.onRemove,
        ArrowLeft: () => focusBeside(chip, -1),
        ArrowRight: () => focusBeside(chip, 1),
      };
  keys[event.key]?.();
  return keys[event.key] !== undefined;
}

/** The chip before or after; after the last one, where one types. */
function focusBeside(chip: HTMLElement, by: 1 | -1): void {
  const line = chip.closest('.recipients');
  const stops = [...(line?.querySelectorAll<HTMLElement>('[data-chip], input') ?? [])];
  stops[Math.max(0, stops.indexOf(chip) + by)]?.focus();
}
