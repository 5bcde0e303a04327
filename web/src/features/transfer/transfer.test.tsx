import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';

import { mockClient } from '../../mock/client.ts';
import type { Mailbox, MailboxId } from '../../store/types.ts';
import { ClientProvider } from '../../ui/client.tsx';
import { pathOf } from './paths.ts';
import { contentsOf } from './service.ts';
import { TransferPanel } from './TransferSheet.tsx';

let end = (): void => undefined;
afterEach(() => {
  cleanup();
  end();
});

const LIMITS = { importBytes: 10_000_000_000, exportDays: 7 };
const LOOKED = {
  id: 'i1', accountId: 'x', name: 'archives.mbox', size: 10, state: 'looked', reason: '', reference: '', folder: '', done: 0, report: {}, canUndo: false, createdAt: '2026-11-22T09:00:00Z',
  found: { messages: 2, known: 1, octets: 500, folders: { INBOX: 2 }, items: { vcf: 0, ics: 0 }, leftOut: [{ where: 'x.exe', reason: 'not_mail', detail: '' }], leftOutCount: 1 },
};

async function shown(jobs: object) {
  const client = mockClient();
  end = () => client.close();
  await client.store.start();
  const asked: Record<string, unknown>[] = [];
  client.server.routes.set('GET /api/transfer', () => Response.json({ exports: [], imports: [], limits: LIMITS, ...jobs }));
  for (const path of ['POST /api/transfer/exports', 'POST /api/transfer/imports/i1/start']) {
    client.server.routes.set(path, (body) => {
      asked.push(JSON.parse(body) as Record<string, unknown>);
      return Response.json({}, { status: 202 });
    });
  }
  render(
    <ClientProvider client={client}>
      <TransferPanel me={client.store.me()!} />
    </ClientProvider>,
  );
  return { client, asked };
}

describe('exporting', () => {
  it('takes what is ticked', async () => {
    const { client, asked } = await shown({});
    fireEvent.click(await screen.findByRole('button', { name: 'Certains dossiers' }));
    const begin = screen.getByRole('button', { name: 'Préparer l’export' });
    expect(begin).toHaveProperty('disabled', true);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Boîte de réception' }));
    fireEvent.click(screen.getByRole('checkbox', { name: 'Agendas' }));
    fireEvent.click(begin);
    await waitFor(() => expect(asked).toHaveLength(1));
    expect(asked[0]).toEqual({ accountId: client.store.me()!.account, folders: ['INBOX'], mail: true, contacts: true, agendas: false, mbox: false, letter: false });
  });

  it('is one at a time', async () => {
    const one = { id: 'e1', accountId: 'x', state: 'working', reason: '', reference: '', folders: [], done: 3, total: 9, size: 0, ahead: 0, createdAt: '2026-11-22T09:00:00Z', expiresAt: null };
    await shown({ exports: [one] });
    expect(await screen.findByText('3 messages sur 9…')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Préparer l’export' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Annuler' })).toBeTruthy();
  });
});

describe('importing', () => {
  it('waits for a decision, and tells what stays out and why', async () => {
    const { asked } = await shown({ imports: [LOOKED] });
    expect(await screen.findByText(/2 nouveaux messages/)).toBeTruthy();
    expect(screen.getByText(/x\.exe.*ce n’est pas un message/)).toBeTruthy();
    fireEvent.click(screen.getByRole('checkbox', { name: 'Importer aussi ce qui est déjà dans la boîte' }));
    fireEvent.click(screen.getByRole('button', { name: 'Importer' }));
    await waitFor(() => expect(asked).toEqual([{ folder: '', doubles: true }]));
  });

  it('has nothing to take in where all is there', async () => {
    await shown({ imports: [{ ...LOOKED, found: { ...LOOKED.found, messages: 0 } }] });
    expect(await screen.findByRole('button', { name: 'Importer' })).toHaveProperty('disabled', true);
  });
});

it('folders are named as mail programs do', () => {
  const folder = (id: string, parent: string | null, role: Mailbox['role'] = null) => ({ id: id as MailboxId, name: id, parent: parent as MailboxId | null, role }) as Mailbox;
  const all = [folder('i', null, 'inbox'), folder('Classe', null), folder('3e B', 'Classe')];
  expect(all.map((one) => pathOf(one, all))).toEqual(['INBOX', 'Classe', 'Classe/3e B']);
  expect(contentsOf({}).messages).toBe(0);
});
