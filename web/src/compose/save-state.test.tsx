import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';

import { LanguageProvider } from '../i18n/index.tsx';
import type { Draft } from '../store/types.ts';
import { SaveState } from './SaveState.tsx';

afterEach(cleanup);

function shown(state: Draft['state'], savedAt: number | null = null) {
  return (
    <LanguageProvider locale="fr">
      <SaveState draft={{ state, savedAt } as Draft} />
    </LanguageProvider>
  );
}

it('says aloud that the draft is saved, once: not with each time that it is', () => {
  const { rerender } = render(shown('new'));
  const said = () => screen.getByRole('status').textContent;
  const heard = ['edited', 'saving', 'saved', 'edited', 'saving', 'saved', 'failed', 'saving', 'saved'].map((state, at) => {
    rerender(shown(state as Draft['state'], state === 'saved' ? Date.UTC(2026, 10, 2, 10, at) : null));
    return said();
  });
  const [saved, failed] = [heard[2], heard[6]];
  expect(saved).toBe('Brouillon enregistré');
  expect(failed).not.toBe(saved);
  expect(heard).toEqual(['', '', saved, saved, saved, saved, failed, failed, saved]);
});
