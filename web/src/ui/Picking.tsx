import './picking.css';

import type { ReactNode } from 'react';

import { Button } from './Button.tsx';

/** Parts of sheets in which one ticks lines to do something with them all. */

export type Picked = ReadonlySet<string>;

export function toggled(picked: Picked, key: string): Picked {
  const after = new Set(picked);
  if (!after.delete(key)) after.add(key);
  return after;
}

interface AllProps {
  readonly keys: readonly string[];
  readonly picked: Picked;
  readonly onPick: (picked: Picked) => void;
  readonly children: ReactNode;
}

/** Ticks every line of the list below, or none. */
export function PickAll({ keys, picked, onPick, children }: AllProps) {
  const every = keys.length > 0 && keys.every((key) => picked.has(key));
  return (
    <label className="picking-line">
      <input type="checkbox" checked={every} onChange={() => onPick(every ? new Set() : new Set(keys))} />
      {children}
    </label>
  );
}

interface DoneProps {
  readonly undo: string;
  /** Null: there is no way back. */
  readonly onUndo: (() => void) | null;
  readonly children: ReactNode;
}

/** What was done with them, and the way back. */
export function PickDone({ undo, onUndo, children }: DoneProps) {
  return (
    <div className="picking-done" role="status">
      <p>{children}</p>
      {onUndo !== null && <Button label={undo} small look="outline" onClick={onUndo} />}
    </div>
  );
}
