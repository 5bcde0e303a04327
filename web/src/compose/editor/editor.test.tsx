import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';

import { LanguageProvider } from '../../i18n/index.tsx';
import { Editor } from './Editor.tsx';

afterEach(cleanup);

function write(autoFocus: boolean): HTMLElement {
  render(
    <LanguageProvider locale="fr">
      <section className="composer">
        <input aria-label="Objet" />
        <Editor html="" attachments={[]} autoFocus={autoFocus} onChange={() => undefined} />
      </section>
    </LanguageProvider>,
  );
  return screen.getByRole('textbox', { name: 'Texte du message' });
}

it('takes the keys as soon as it is on the page', () => {
  const text = write(true);
  expect(document.activeElement).toBe(text);
});

it('leaves them where they are when it isn’t what one came for', () => {
  write(false);
  expect(document.activeElement).toBe(document.body);
});
