import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';

import { LanguageProvider } from '../i18n/index.tsx';
import { mockClient } from '../mock/client.ts';
import { ClientProvider } from './client.tsx';
import { Dialog } from './Dialog.tsx';

// jsdom has no dialogs.
HTMLDialogElement.prototype.showModal = function open() {
  this.open = true;
};
HTMLDialogElement.prototype.close = () => undefined;

afterEach(cleanup);

it('the second click of a double one doesn’t reach what lay below the sheet', () => {
  const client = mockClient();
  const below = vi.fn();
  const page = (open: boolean) => (
    <LanguageProvider locale="fr">
      <ClientProvider client={client}>
        <button type="button" onClick={below}>
          Dessous
        </button>
        {open && (
          <Dialog title="Choix" onClose={() => undefined}>
            Demain
          </Dialog>
        )}
      </ClientProvider>
    </LanguageProvider>
  );
  const { rerender } = render(page(true));
  rerender(page(false));
  fireEvent.click(screen.getByText('Dessous'), { detail: 2 });
  expect(below).not.toHaveBeenCalled();
  fireEvent.click(screen.getByText('Dessous'), { detail: 1 });
  expect(below).toHaveBeenCalledOnce();
  client.close();
});
