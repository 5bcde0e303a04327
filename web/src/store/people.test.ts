import { describe, expect, it } from 'vitest';

import { mockClient } from '../mock/client.ts';
import { MockServer } from '../mock/server.ts';
import { acquaintances, arranged, fitting } from './people.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');

const ME = { name: 'Paul Martin', email: 'paul.martin@ac-rouen.fr' };

function daysAgo(days: number): string {
  return new Date(NOW - days * 86_400_000).toISOString();
}

function person(name: string, email: string, weight = 1) {
  return { name, email, weight, written: false };
}

describe('whom one knows', () => {
  it('is told by what one writes and gets: the nearest first, without oneself', async () => {
    const server = new MockServer();
    const client = mockClient(server);
    for (const [to, days] of [['often@a.fr', 2], ['often@a.fr', 1], ['once@a.fr', 1], ['long.ago@a.fr', 900]] as const) {
      server.store.deliver({ mailbox: 'sent', from: ME, to: [{ name: 'Quelqu’un', email: to }], receivedAt: daysAgo(days) });
    }
    server.store.deliver({ from: { name: 'Écrit Souvent', email: 'writes@a.fr' }, receivedAt: daysAgo(1) });
    await client.store.start();
    const asking = { store: client.store, jmap: client.store.jmap, road: server.road, now: () => NOW };
    const people = await acquaintances(asking);
    const order = people.map(({ email }) => email);
    expect(order.indexOf('often@a.fr')).toBeLessThan(order.indexOf('once@a.fr'));
    expect(order.indexOf('once@a.fr')).toBeLessThan(order.indexOf('writes@a.fr'));
    expect(order.indexOf('writes@a.fr')).toBeLessThan(order.indexOf('long.ago@a.fr'));
    expect(order).not.toContain(client.store.me()?.address);
    expect(people.find(({ email }) => email === 'writes@a.fr')?.written).toBe(false);
    expect(people.find(({ email }) => email === 'once@a.fr')?.written).toBe(true);
    expect(acquaintances(asking), 'asked once').toBe(acquaintances(asking));
  });
});

describe('who is meant', () => {
  const people = [person('Chloé Gérault', 'c.gerault@a.fr'), person('Jean-Marc d’Aubigné', 'jm@b.fr'), person('', 'club.echecs@lycee.fr')];

  it.each([
    ['gera', ['c.gerault@a.fr']], ['chloe gér', ['c.gerault@a.fr']], ['marc', ['jm@b.fr']], ['aubi', ['jm@b.fr']],
    ["d'aub", ['jm@b.fr']], ['d’aub', ['jm@b.fr']], ['jean-ma', ['jm@b.fr']], ['jean-pa', []],
    ['echecs', ['club.echecs@lycee.fr']], ['club.e', ['club.echecs@lycee.fr']], ['ault', []], [' ', []],
  ])('%s', (typed, found) => {
    expect(fitting(people, typed).map(({ email }) => email)).toEqual(found);
  });

  it('those one knows come first, as the directory names them', () => {
    const directory = [{ name: 'Inconnue', email: 'x@a.fr', detail: 'Lycée' }, { name: 'Chloé GÉRAULT', email: 'C.Gerault@a.fr', detail: 'Collège' }];
    expect(arranged(people.slice(0, 1), directory, 8)).toEqual([directory[1], directory[0]]);
    expect(arranged(people, directory, 2).map(({ email }) => email)).toEqual(['C.Gerault@a.fr', 'x@a.fr']);
  });
});
