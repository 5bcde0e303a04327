import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { type MockClient, mockClient } from '../../mock/client.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { FolderDialog } from './FolderDialog.tsx';

// jsdom has no dialogs.
HTMLDialogElement.prototype.showModal = function open() {
  this.open = true;
};
HTMLDialogElement.prototype.close = () => undefined;

const CLIENTS: MockClient[] = [];

afterEach(() => {
  cleanup();
  for (const client of CLIENTS.splice(0)) client.close();
});

async function dialog(): Promise<MockClient> {
  const client = mockClient();
  CLIENTS.push(client);
  await client.store.start();
  render(
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <FolderDialog account={client.server.account} onClose={() => undefined} />
      </ClientProvider>
    </LanguageProvider>,
  );
  return client;
}

it.each([
  ['a/b', 'ne peut pas contenir'],
  ['Dossier "spécial"', 'ne peut pas contenir'],
  ['inbox', 'porte déjà ce nom'],
  ['Boîte de réception', 'porte déjà ce nom'],
  ['conseils de classe', 'porte déjà ce nom'],
  ['  ', 'Écrivez le nom'],
])('says at once that a folder can’t be called %j', async (name, why) => {
  const client = await dialog();
  const before = client.store.mailboxes(client.server.account).length;
  fireEvent.change(screen.getByRole('textbox'), { target: { value: name } });
  fireEvent.submit(screen.getByRole('textbox'));
  expect(document.querySelector('.field-error')?.textContent).toContain(why);
  expect(client.store.mailboxes(client.server.account)).toHaveLength(before);
});

it('makes it otherwise, for other programs too', async () => {
  const client = await dialog();
  let asked = '';
  client.server.interfere = (_, __, body) => {
    asked += body;
    return null;
  };
  fireEvent.change(screen.getByRole('textbox'), { target: { value: ' Élèves d’été ' } });
  fireEvent.submit(screen.getByRole('textbox'));
  expect(client.store.mailboxes(client.server.account).map(({ name }) => name)).toContain('Élèves d’été');
  // Mail programs list what one has subscribed to.
  await waitFor(() => expect(asked).toContain('"name":"Élèves d’été","parentId":null,"isSubscribed":true'));
});
