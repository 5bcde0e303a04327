import { cleanup, fireEvent, render } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';

import { LanguageProvider } from '../i18n/index.tsx';
import { type MockClient, mockClient } from '../mock/client.ts';
import { ClientProvider } from '../ui/client.tsx';
import { type Feature, FeaturesProvider } from '../ui/features.tsx';
import { useKeyboard } from './keyboard.ts';

const CLIENTS: MockClient[] = [];

afterEach(() => {
  cleanup();
  for (const client of CLIENTS.splice(0)) client.close();
});

function Listening() {
  useKeyboard();
  return <input type="checkbox" />;
}

interface Keyboard {
  readonly press: (keys: string) => void;
  /** Draw the page anew, as when mail comes. */
  readonly redraw: () => void;
}

async function listening(acts: NonNullable<Feature['acts']>): Promise<Keyboard> {
  const client = mockClient();
  CLIENTS.push(client);
  await client.store.start();
  const page = () => (
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <FeaturesProvider features={[{ id: 'test', acts }]}>
          <Listening />
        </FeaturesProvider>
      </ClientProvider>
    </LanguageProvider>
  );
  const { rerender } = render(page());
  return {
    press: (keys) => {
      for (const key of keys) fireEvent.keyDown(document.body, { key });
    },
    redraw: () => rerender(page()),
  };
}

it('what is typed before the message is there acts on nothing; once something has the keys, each acts again', async () => {
  const done: string[] = [];
  const act = (id: string, typed: boolean) => ({ id, label: id, group: '', keys: id, typed, run: () => done.push(id) });
  const { press } = await listening(() => [act('r', true), act('e', false)]);
  press('eree');
  expect(done).toEqual(['e', 'r']);
  document.querySelector('input')?.focus();
  press('e');
  expect(done).toEqual(['e', 'r', 'e']);
});

it('no key acts on what lies below a sheet, though nothing in the sheet has the focus', async () => {
  const done: string[] = [];
  const { press } = await listening(() => [{ id: 'e', label: 'e', group: '', keys: 'e', run: () => done.push('e') }]);
  const sheet = document.body.appendChild(document.createElement('dialog'));
  sheet.setAttribute('open', '');
  press('e');
  expect(done).toEqual([]);
  sheet.remove();
  press('e');
  expect(done).toEqual(['e']);
});

it('G waits for where to go, though the page is drawn anew in between', async () => {
  const done: string[] = [];
  const act = (keys: string) => ({ id: keys, label: keys, group: '', keys, run: () => done.push(keys) });
  const { press, redraw } = await listening(() => [act('b'), act('g b')]);
  press('g');
  redraw();
  press('b');
  press('b');
  expect(done).toEqual(['g b', 'b']);
});
