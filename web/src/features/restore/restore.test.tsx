import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';

import { languageOf } from '../../i18n/index.tsx';
import { mockClient } from '../../mock/client.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { placeName } from './place.ts';
import type { DeletedMessage } from './service.ts';
import { type Period, useRestore } from './use-restore.ts';

let end = (): void => undefined;
afterEach(() => end());

function deleted(id: string): DeletedMessage {
  return {
    id, subject: `Sujet ${id}`, sender: { name: 'Léa', email: 'lea@x.fr' }, to: '', size: 10, draft: false, folder: 'INBOX',
    receivedAt: '2026-11-01T08:00:00Z', deletedAt: '2026-11-20T08:00:00Z',
  };
}

async function restoring(failing = false) {
  const client = mockClient();
  end = () => client.close();
  await client.store.start();
  const asked: { readonly path: string; readonly body: Record<string, unknown> }[] = [];
  let answers = failing ? 0 : 99;
  const answer = (path: string, given: unknown): void => {
    client.server.routes.set(`POST ${path}`, (body) => {
      asked.push({ path, body: JSON.parse(body) as Record<string, unknown> });
      answers += 1;
      return answers === 1 ? new Response('{"type":"unavailable","reference":"R-1"}', { status: 503 }) : Response.json(given);
    });
  };
  answer('/api/restore/search', { total: 2, days: 30, messages: [deleted('a'), deleted('b')], folders: [] });
  answer('/api/restore/messages', { placed: [{ folder: 'INBOX', messages: 1 }], missing: 0, undo: 'ticket' });
  answer('/api/restore/undo', { count: 1 });
  const { account } = client.store.me()!;
  const wrapper = ({ children }: { readonly children: ReactNode }) => <ClientProvider client={client}>{children}</ClientProvider>;
  const hook = renderHook(({ text, period }: { readonly text: string; readonly period: Period }) => useRestore(account, text, period), {
    wrapper, initialProps: { text: '', period: 'all' },
  });
  return { ...hook, asked, server: client.server };
}

describe('what was deleted', () => {
  it('is looked for anew once, then searched in', async () => {
    const { result, rerender, asked } = await restoring();
    await waitFor(() => expect(result.current.found?.total).toBe(2));
    rerender({ text: 'sortie', period: 'week' });
    await waitFor(() => expect(asked).toHaveLength(2));
    expect(asked.map(({ body }) => [body['anew'], body['text'], body['since'] === null])).toEqual([
      [true, '', true],
      [false, 'sortie', false],
    ]);
  });

  it('is looked for anew once, whatever is typed while that goes on', async () => {
    const { result, rerender, asked, server } = await restoring();
    await waitFor(() => expect(result.current.found).not.toBeNull());
    server.latency = 700;
    act(() => result.current.again());
    for (const text of ['s', 'so', 'sortie']) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      rerender({ text, period: 'all' });
    }
    await waitFor(() => expect(asked.at(-1)?.body['text']).toBe('sortie'), { timeout: 3000 });
    expect(asked.map(({ body }) => [body['anew'], body['text']])).toEqual([
      [true, ''],
      [true, ''],
      [false, 'sortie'],
    ]);
  });

  it('is shown for the words that stand there: a late page of others stays out', async () => {
    const { result, rerender, asked, server } = await restoring();
    await waitFor(() => expect(result.current.found).not.toBeNull());
    server.latency = 600;
    act(() => result.current.more());
    server.latency = 0;
    rerender({ text: 'sortie', period: 'all' });
    await waitFor(() => expect(asked.at(-1)?.body['text']).toBe('sortie'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(result.current.found?.messages.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(result.current.problem).toBeNull();
  });

  it('goes on where the list ended', async () => {
    const { result, asked } = await restoring();
    await waitFor(() => expect(result.current.found).not.toBeNull());
    act(() => result.current.more());
    await waitFor(() => expect(result.current.found?.messages).toHaveLength(4));
    expect(asked.at(-1)?.body).toMatchObject({ position: 2, anew: false });
  });

  it('comes back and goes again', async () => {
    const { result, asked } = await restoring();
    await waitFor(() => expect(result.current.found).not.toBeNull());
    await act(async () => {
      await result.current.bring([deleted('a')]);
    });
    expect(result.current.found?.messages.map(({ id }) => id)).toEqual(['b']);
    expect(result.current.outcome).toMatchObject({ kind: 'messages', count: 1, folders: ['INBOX'] });
    await act(() => result.current.undo());
    expect(result.current.outcome).toEqual({ kind: 'undone' });
    expect(asked.find(({ path }) => path.endsWith('undo'))?.body).toEqual({ undo: 'ticket' });
    await waitFor(() => expect(result.current.found?.messages).toHaveLength(2));
  });

  it('is asked for again after a failure', async () => {
    const { result } = await restoring(true);
    await waitFor(() => expect(result.current.problem?.kind).toBe('unavailable'));
    act(() => result.current.again());
    await waitFor(() => expect(result.current.found?.total).toBe(2));
    expect(result.current.problem).toBeNull();
  });
});

it('folders have the names that one knows', () => {
  const { words } = languageOf('fr');
  expect(['INBOX', 'Sent', 'Classe/3e B'].map((folder) => placeName(folder, words))).toEqual(['Boîte de réception', 'Envoyés', 'Classe › 3e B']);
});
