import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { LanguageProvider } from '../i18n/index.tsx';
import { mockClient } from '../mock/client.ts';
import type { Problem } from '../store/types.ts';
import { ClientProvider } from './client.tsx';
import { Trouble } from './Trouble.tsx';

let end = (): void => undefined;
afterEach(() => {
  cleanup();
  end();
});

function shown(problem: Problem, more: Partial<Parameters<typeof Trouble>[0]> = {}) {
  const client = mockClient();
  end = () => client.close();
  const drawn = (now: Problem) => (
    <ClientProvider client={client}>
      <LanguageProvider locale="fr">
        <Trouble problem={now} {...more} />
      </LanguageProvider>
    </ClientProvider>
  );
  const { rerender } = render(drawn(problem));
  return { again: (next: Problem) => rerender(drawn(next)) };
}

const text = (): string => screen.getByRole('alert').textContent.replaceAll('\u00a0', ' ');

describe('a trouble', () => {
  it('is told in the words of the server, with its reference', () => {
    shown({ kind: 'unavailable', status: 503, detail: 'Une partie de la plateforme ne répond pas.', reference: 'R-7K2M-9QXD' }, { what: 'Rien n’a été lu.' });
    expect(text()).toContain('Rien n’a été lu.Une partie de la plateforme ne répond pas.');
    expect(text()).toContain('Référence : R-7K2M-9QXD');
  });

  it.each<[Problem, string, string]>([
    [{ kind: 'unavailable', status: 429, after: 20, reference: 'R-1' }, 'Trop de demandes en peu de temps. Réessayez dans 20 s.', 'R-1'],
    [{ kind: 'unavailable', status: 500, reference: null }, 'Le service ne répond pas pour le moment. Réessayez dans un instant.', 'HTTP-500 '],
    [{ kind: 'offline' }, 'La connexion au serveur a été coupée. Vérifiez la connexion de cet appareil, puis réessayez.', 'NET '],
    [{ kind: 'timeout' }, 'Le serveur met trop de temps à répondre. Réessayez dans un instant.', 'NET-TIME '],
    [{ kind: 'refused', code: 'mailboxHasChild', detail: null, reference: null }, 'donnez cette référence à l’assistance.', 'mailboxHasChild '],
    [{ kind: 'forbidden', title: null, reference: null }, 'donnez cette référence à l’assistance.', 'HTTP-403 '],
    [{ kind: 'too-large', limit: null }, 'C’est trop lourd pour le serveur. Si vous n’en voyez pas la raison', 'HTTP-413 '],
    [{ kind: 'signed-out', reason: null, reference: 'R-2' }, 'Reconnectez-vous, puis réessayez : ce que vous avez saisi reste ici.', 'R-2'],
  ])('says what to do about %o', (problem, advice, reference) => {
    shown(problem);
    expect(text()).toContain(advice);
    expect(text()).toContain(`Référence : ${reference}`);
  });

  it('has no reference where one mends it oneself', () => {
    shown({ kind: 'too-large', limit: 100 });
    expect(text()).not.toContain('Référence');
  });

  it('leads to where one signs in, beside what was typed', () => {
    shown({ kind: 'signed-out', reason: null, reference: null });
    const link = screen.getByRole('link');
    expect(link.getAttribute('href')).toContain('/connexion/?suite=');
    expect(link.getAttribute('target')).toBe('_blank');
  });

  it('tries again once at a time, and is said anew when that fails too', async () => {
    let answered = (): void => undefined;
    const retry = vi.fn(() => new Promise<void>((done) => { answered = done; }));
    const { again } = shown({ kind: 'offline' }, { onRetry: retry });
    const button = screen.getByRole('button', { name: 'Réessayer' });
    fireEvent.click(button);
    fireEvent.click(button);
    expect(retry).toHaveBeenCalledTimes(1);
    expect(button.getAttribute('aria-busy')).toBe('true');
    const before = screen.getByRole('alert').firstChild;
    await act(() => {
      answered();
      return Promise.resolve();
    });
    again({ kind: 'offline' });
    expect(screen.getByRole('alert').firstChild).not.toBe(before);
  });

  it('inside what is read aloud anyway is said there alone', () => {
    shown({ kind: 'timeout' }, { quiet: true });
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
