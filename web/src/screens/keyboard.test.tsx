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

it('what is typed before the message is there acts on nothing; once something has the keys, each acts again', async () => {
  const client = mockClient();
  CLIENTS.push(client);
  await client.store.start();
  const done: string[] = [];
  const act = (id: string, typed: boolean) => ({ id, label: id, group: '', keys: id, typed, run: () => done.push(id) });
  const feature: Feature = { id: 'test', acts: () => [act('r', true), act('e', false)] };
  render(
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <FeaturesProvider features={[feature]}>
          <Listening />
        </FeaturesProvider>
      </ClientProvider>
    </LanguageProvider>,
  );
  const press = (keys: string): void => {
    for (const key of keys) fireEvent.keyDown(document.body, { key });
  };
  press('eree');
  expect(done).toEqual(['e', 'r']);
  document.querySelector('input')?.focus();
  press('e');
  expect(done).toEqual(['e', 'r', 'e']);
});
