import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { mockClient } from '../../mock/client.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { problemOfAnswer } from '../../wire/problems.ts';
import { Refusal } from './Refusal.tsx';

const client = mockClient();
const nothing = (): null => null;

function told(status: number, type: string, locale: 'fr' | 'en' = 'fr'): string {
  const body = JSON.stringify({ type, title: 'Refus', detail: 'Pour une raison.', reference: 'R-7K2M-9QXD' });
  render(
    <ClientProvider client={client}>
      <LanguageProvider locale={locale}>
        <Refusal problem={problemOfAnswer(status, body, nothing)} />
      </LanguageProvider>
    </ClientProvider>,
  );
  return screen.getByRole('alert').textContent;
}

afterEach(cleanup);

it('says where to confirm before mail goes elsewhere, in another tab', () => {
  expect(told(428, 'step_up')).toMatch(/confirmez que c’est bien vous.*R-7K2M-9QXD/);
  const link = screen.getByRole('link', { name: 'Confirmer que c’est moi' });
  expect(link.getAttribute('href')).toBe('/compte/confirmer/');
  expect(link.getAttribute('target')).toBe('_blank');
});

it('says it in English', () => {
  expect(told(428, 'step_up', 'en')).toMatch(/confirm that it is you/);
  expect(screen.getByRole('link', { name: 'Confirm that it is me' })).toBeTruthy();
});

it('offers that for no other refusal', () => {
  expect(told(422, 'redirect_to_nobody')).toMatch(/Pour une raison/);
  expect(screen.queryByRole('link')).toBeNull();
});
