import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';

import { onRowButtons } from './row-keys.ts';

function Grid({ onLeft }: { readonly onLeft: (key: string) => void }) {
  return (
    <div
      role="grid"
      onKeyDown={(event) => {
        if (!onRowButtons(event)) onLeft(event.key);
      }}
    >
      <div role="row" tabIndex={0}>
        <span role="gridcell">Qui</span>
        <span role="gridcell" className="row-actions">
          <button type="button" tabIndex={-1}>Archiver</button>
          <button type="button" tabIndex={-1}>Supprimer</button>
        </span>
      </div>
    </div>
  );
}

afterEach(cleanup);

function press(...keys: readonly string[]): void {
  for (const key of keys) fireEvent.keyDown(document.activeElement ?? document.body, { key });
}

const held = (): string => document.activeElement?.textContent ?? '';

it('goes into the buttons of a row and back by the arrows, and no further than the last', () => {
  render(<Grid onLeft={vi.fn()} />);
  screen.getByRole('row').focus();
  press('ArrowRight');
  expect(held()).toBe('Archiver');
  press('ArrowRight', 'ArrowRight');
  expect(held()).toBe('Supprimer');
  press('ArrowLeft', 'ArrowLeft');
  expect(document.activeElement).toBe(screen.getByRole('row'));
});

it('leaves Enter and Space to the button that has the keys, and all else to the list', () => {
  const left = vi.fn();
  render(<Grid onLeft={left} />);
  screen.getByRole('row').focus();
  press('Enter', 'ArrowLeft', 'ArrowDown');
  expect(left.mock.calls.flat()).toEqual(['Enter', 'ArrowLeft', 'ArrowDown']);
  left.mockClear();
  press('ArrowRight', 'Enter', ' ', 'ArrowDown');
  expect(left.mock.calls.flat()).toEqual(['ArrowDown']);
});
