import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it } from 'vitest';

import { mockClient } from '../../mock/client.ts';
import type { Me } from '../../store/types.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { type Kind, useCleaning } from './use-cleaning.ts';

let end = (): void => undefined;
afterEach(() => end());

async function cleaningOf(kind: Kind) {
  const client = mockClient();
  end = () => client.close();
  const arrivals: readonly [string, string, string][] = [
    ['Sujet A', '2024-02-03T08:00:00Z', 'a@x'],
    ['Sujet B', '2025-02-03T08:00:00Z', 'b@x'],
    ['Sujet C', '2026-11-03T08:00:00Z', 'c@x'],
  ];
  for (const [subject, receivedAt] of arrivals) client.server.store.deliver({ subject, receivedAt });
  await client.store.start();
  const me: Me = client.store.me()!;
  const wrapper = ({ children }: { readonly children: ReactNode }) => <ClientProvider client={client}>{children}</ClientProvider>;
  const { result } = renderHook(() => useCleaning(me, kind), { wrapper });
  await waitFor(() => expect(result.current.heaps).not.toBeNull());
  return { client, result };
}

describe('cleaning', () => {
  it('puts what was chosen into the trash, and back', async () => {
    const { client, result } = await cleaningOf('largest');
    const before = result.current.heaps ?? [];
    const [first] = before;
    if (first === undefined) throw new Error('nothing found');
    await act(() => result.current.act([first]));
    const id = first.emails[0]?.id;
    const folders = () => Object.keys([...client.server.store.emails.values()].find((one) => one.id === id)?.mailboxIds ?? {});
    const trash = client.store.mailboxes(client.store.me()!.account).find(({ role }) => role === 'trash')!.id;
    expect(folders()).toEqual([trash]);
    expect(result.current.outcome).toMatchObject({ kind: 'trashed', count: 1, refused: 0 });
    expect(result.current.heaps?.map(({ key }) => key)).not.toContain(first.key);
    await act(() => result.current.undo());
    expect(folders()).toEqual(first.emails[0]?.mailboxes);
    await waitFor(() => expect(result.current.heaps).toHaveLength(before.length));
  });

  it('archives years into folders of their own', async () => {
    const { client, result } = await cleaningOf('years');
    const years = result.current.heaps ?? [];
    expect(years.map(({ key }) => key)).toEqual(['2024', '2025']);
    // A double click is one.
    const both = await act(() => Promise.all([result.current.act(years), result.current.act(years)]));
    expect(both).toEqual([true, false]);
    expect(result.current.problem).toBeNull();
    expect(result.current.outcome).toMatchObject({ kind: 'archived', refused: 0 });
    await client.store.resume();
    const folders = client.store.mailboxes(client.store.me()!.account);
    const archive = folders.find(({ role }) => role === 'archive')?.id;
    expect(folders.filter(({ parent }) => parent === archive).map(({ name }) => name)).toEqual(['2024', '2025']);
  });
});
