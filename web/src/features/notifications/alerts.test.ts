import { describe, expect, it } from 'vitest';

import { mockClient } from '../../mock/client.ts';
import { type Alerts, quiet, readAlerts, SILENT } from './alerts.ts';
import { Arrivals } from './arrivals.ts';

const at = (clock: string): Date => new Date(`2026-11-24T${clock}:00`);
const hours = (quietFrom: string, quietUntil: string): Alerts => ({ ...SILENT, quietFrom, quietUntil });

describe('quiet hours', () => {
  it('go over midnight', () => {
    const night = hours('19:00', '07:30');
    expect(['18:59', '19:00', '23:59', '00:00', '07:29', '07:30'].map((clock) => quiet(night, at(clock)))).toEqual([false, true, true, true, true, false]);
  });

  it('stay within a day, or aren’t', () => {
    expect(['11:59', '12:00', '14:00'].map((clock) => quiet(hours('12:00', '14:00'), at(clock)))).toEqual([false, true, false]);
    expect(quiet(hours('', '14:00'), at('13:00'))).toBe(false);
    expect(quiet(SILENT, at('03:00'))).toBe(false);
  });
});

describe('what the browser kept', () => {
  it('is silent unless it says otherwise', () => {
    for (const kept of [null, '', '{', '[]', 'null', '{"desktop":"yes","quietFrom":"25:00"}']) expect(readAlerts(kept)).toEqual(SILENT);
    expect(readAlerts('{"shared":["ce@ac.fr",7]}').shared).toEqual(['ce@ac.fr']);
    expect(readAlerts('{"desktop":true,"quietFrom":"19:00"}')).toMatchObject({ desktop: true, quietFrom: '19:00' });
  });
});

describe('arrivals', () => {
  it('tells of nothing that was there before, in a request that is no activity', async () => {
    const client = mockClient();
    await client.store.start();
    const inbox = client.store.mailboxes(client.server.account).find(({ role }) => role === 'inbox');
    if (inbox === undefined) throw new Error('no inbox');
    const arrivals = new Arrivals(client.services, client.server.account, inbox.id);
    expect(await arrivals.look()).toEqual([]);
    expect(client.server.asked.at(-1)?.background).toBe(true);
    client.close();
  });

  it('tells of what comes back as it had been put off, once each time', async () => {
    const client = mockClient();
    await client.store.start();
    const inbox = client.store.mailboxes(client.server.account).find(({ role }) => role === 'inbox');
    if (inbox === undefined) throw new Error('no inbox');
    const arrivals = new Arrivals(client.services, client.server.account, inbox.id);
    const back = (subject: string, until: string) =>
      Object.assign(client.server.store.deliver({ subject, receivedAt: '2026-01-05T08:00:00Z', keywords: ['$pinned', '$flagged'] }), { snoozed: { until, moveToMailboxId: inbox.id } });
    const email = back('Manuels', '2026-11-24T13:06:00Z');
    back('Revenu hier', '2026-11-23T08:00:00Z');
    expect(await arrivals.look()).toMatchObject([{ subject: 'Manuels' }]);
    expect(await arrivals.look()).toEqual([]);
    email.snoozed.until = '2026-11-24T14:00:00Z';
    expect(await arrivals.look()).toMatchObject([{ subject: 'Manuels' }]);
    client.close();
  });
});
