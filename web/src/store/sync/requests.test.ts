import { describe, expect, it } from 'vitest';

import { mockClient } from '../../mock/client.ts';
import { Batch } from '../../wire/batch.ts';
import { CYRUS_MAIL } from '../../wire/jmap.ts';
import { addWindow } from './requests.ts';

describe('the question for a list', () => {
  it.each([['pièce:rapport', true], ['pièce:oui', false], ['rapport', false], [null, false]])('%s', async (search, extension) => {
    const client = mockClient();
    await client.store.start();
    const { mail } = client.store.part(client.server.account);
    const list = mail.lists.open({ account: client.server.account, mailbox: null, only: 'all', search });
    const batch = new Batch();
    addWindow(batch, list, mail.known(), { position: 0, limit: 30, anchor: null });
    expect(batch.using.includes(CYRUS_MAIL), 'names of files are asked for by Cyrus’s own condition').toBe(extension);
  });
});
