import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, it, vi } from 'vitest';

import { Quoted } from '../compose/editor/Quoted.tsx';
import { IdentityForm } from '../features/signatures/IdentityForm.tsx';
import { TemplateDialog } from '../features/templates/TemplateDialog.tsx';
import { LanguageProvider } from '../i18n/index.tsx';
import { mockClient } from '../mock/client.ts';
import { TextLink } from '../render/TextLink.tsx';
import { writingChoices } from '../store/writing/writing-choices.ts';
import { AnnouncerProvider } from '../ui/Announcer.tsx';
import { ClientProvider } from '../ui/client.tsx';

/** As a browser says that a part of the page is gone from the server. */
const { gone } = vi.hoisted(() => ({
  gone: (): never => {
    throw new TypeError('Failed to fetch dynamically imported module: https://mail.example/courrier/assets/x.js');
  },
}));
vi.mock('../compose/editor/Editor.tsx', () => ({ get Editor(): never { return gone(); } }));
vi.mock('../render/QuotedView.tsx', () => ({ get QuotedView(): never { return gone(); } }));
vi.mock('../render/JudgedLink.tsx', () => ({ get JudgedLink(): never { return gone(); } }));

HTMLDialogElement.prototype.showModal = function open() {
  this.open = true;
};
HTMLDialogElement.prototype.close = () => undefined;

const nothing = (): void => undefined;
let end = nothing;
afterEach(() => {
  cleanup();
  end();
});

async function shown(draw: (me: Parameters<typeof IdentityForm>[0]['me']) => ReactNode): Promise<void> {
  vi.spyOn(console, 'error').mockImplementation(nothing);
  const client = mockClient();
  end = () => client.close();
  await client.store.start();
  render(
    <ClientProvider client={client}>
      <LanguageProvider locale="fr">
        <AnnouncerProvider>{draw(client.store.me()!)}</AnnouncerProvider>
      </LanguageProvider>
    </ClientProvider>,
  );
}

async function toldOnce(): Promise<void> {
  const told = await screen.findByRole('alert', { hidden: true });
  expect(told.textContent).toContain('n’a pas pu être chargée');
  expect(screen.getByRole('button', { name: 'Recharger la page', hidden: true })).toBeTruthy();
}

it('a template keeps its name and subject where the editor does not come', async () => {
  const template = { name: 'Convocation', subject: 'Conseil de classe', html: '<p>Bonjour</p>' };
  await shown(() => <TemplateDialog template={template} id={null} onClose={nothing} onSaved={nothing} />);
  await toldOnce();
  fireEvent.change(screen.getByLabelText('Nom du modèle'), { target: { value: 'Convocation du soir' } });
  expect(screen.getByLabelText<HTMLInputElement>('Nom du modèle').value).toBe('Convocation du soir');
});

it('the choices of an address stay where the editor of its signature does not come', async () => {
  await shown((me) => {
    const identity = me.identities[0]!;
    const own = { identities: { [identity.email.toLowerCase()]: { signature: 'own' as const, html: '<p>A. Roussel</p>', text: '', onReplies: false, replyTo: '' } } };
    const hers = { ...me, signature: { ...me.signature, mode: 'offered' as const }, settings: { ...me.settings, writing: { ...writingChoices(me), ...own } } };
    return <IdentityForm me={hers} identity={identity} choices={writingChoices(hers)} onSave={nothing} />;
  });
  await toldOnce();
  expect(screen.getAllByRole('radio').length).toBeGreaterThan(1);
});

it('what is quoted can be folded again where it can not be drawn', async () => {
  await shown(() => <Quoted html="<p>Bonjour</p>" onEdit={nothing} onRemove={nothing} />);
  fireEvent.click(screen.getByRole('button', { name: 'Afficher le message d’origine' }));
  await toldOnce();
  fireEvent.click(screen.getByRole('button', { expanded: true }));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

it('an address in a text stays a word where its judge does not come', async () => {
  await shown(() => <p>Voir <TextLink text="https://www.education.gouv.fr" href="https://www.education.gouv.fr" /></p>);
  await waitFor(() => expect(screen.getByText(/Voir https:\/\/www\.education\.gouv\.fr/)).toBeTruthy());
});
