import { cleanup, render, screen } from '@testing-library/react';
import { lazy } from 'react';
import { afterEach, expect, it, vi } from 'vitest';

import { LanguageProvider } from '../i18n/index.tsx';
import { mockClient } from '../mock/client.ts';
import { Apart, Unloaded } from './Apart.tsx';
import { ClientProvider } from './client.tsx';

let end = (): void => undefined;
afterEach(() => {
  cleanup();
  end();
});

function shown(failure: Error): void {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const client = mockClient();
  end = () => client.close();
  const Part = lazy(() => Promise.reject<{ default: () => null }>(failure));
  render(
    <ClientProvider client={client}>
      <LanguageProvider locale="fr">
        <p>le reste</p>
        <Apart instead={<Unloaded />}>
          <Part />
        </Apart>
      </LanguageProvider>
    </ClientProvider>,
  );
}

it('says that a part of the page could not be loaded, and leaves the rest', async () => {
  shown(new TypeError('Failed to fetch dynamically imported module: https://mail.example/courrier/x.js'));
  const told = await screen.findByRole('alert');
  expect(told.textContent).toContain('Cette partie de la page n’a pas pu être chargée.');
  expect(told.textContent).toContain('Référence');
  expect(screen.getByRole('button', { name: 'Recharger la page' })).toBeTruthy();
  expect(screen.getByText('le reste')).toBeTruthy();
});
