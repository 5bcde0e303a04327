import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { mockClient, type MockClient } from '../../mock/client.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { RoomBar } from './RoomBar.tsx';

const asked = vi.hoisted(() => ({ used: 1_000_000, times: 0 }));
vi.mock('./service.ts', () => ({
  roomOf: () => {
    asked.times += 1;
    return Promise.resolve({ used: asked.used, limit: 100_000_000 });
  },
}));
vi.mock(import('../../ui/features.tsx'), async (original) => ({ ...(await original()), usePage: (() => ({})) as never }));

let client: MockClient;
beforeEach(async () => {
  client = mockClient();
  await client.store.start();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  client.close();
});

it('tells how full the mailbox is a moment after something was put into it', async () => {
  render(<ClientProvider client={client}><RoomBar me={client.store.me()!} onChosen={() => undefined} /></ClientProvider>);
  await act(() => vi.advanceTimersByTimeAsync(3_100));
  expect(screen.getByRole('button').textContent).toContain('1\u00a0Mo');
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(asked.times).toBe(1);
  asked.used = 25_000_000;
  client.server.store.deliver({ subject: 'Lourd' });
  client.server.push();
  await act(() => vi.advanceTimersByTimeAsync(15_000));
  expect(screen.getByRole('button').textContent).toContain('25\u00a0Mo');
  expect(asked.times).toBe(2);
});
