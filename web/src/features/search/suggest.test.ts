import { beforeEach, describe, expect, it } from 'vitest';

import { languageOf } from '../../i18n/index.tsx';
import { type MockClient, mockClient } from '../../mock/client.ts';
import type { Page } from '../../ui/features.tsx';
import { remember, suggest } from './suggest.ts';

let page: Page;
let client: MockClient;

beforeEach(async () => {
  client = mockClient();
  client.server.routes.set('GET /api/people', () => Response.json([{ name: 'Nathalie Quesnel', email: 'nathalie.quesnel@ac-normandie.fr', detail: '' }]));
  await client.store.start();
  client.store.amend({
    settings: {
      searches: { searches: [{ name: 'Pièces', text: 'pièce:oui' }] },
      labels: { labels: [{ keyword: 'parents', name: 'Parents d’élèves', color: 'teal' }] },
    },
  });
  const me = client.store.me();
  if (me === null) throw new Error('nobody is here');
  page = { ...client, me, language: languageOf('fr'), show: () => undefined };
});

const texts = async (typed: string) => (await suggest(typed, page)).options.map(({ text }) => text.trim());

describe('what is proposed while one types', () => {
  it('in an empty field: what was kept', async () => expect(await texts('')).toContain('pièce:oui'));

  it('operators that begin so, without accents too', async () => {
    expect(await texts('obj')).toContain('objet:');
    expect(await texts('etiq')).toContain('étiquette:');
  });

  it('values of an operator, quoted where they have spaces, after what stands before', async () => {
    expect(await texts('réunion étiquette:par')).toEqual(['réunion étiquette:"Parents d’élèves"']);
    expect(await texts('est:non')).toEqual(['est:non-lu']);
    expect(await texts('-est:sui')).toEqual(['-est:suivi']);
  });

  it('nothing for words that aren’t operators', async () => expect(await texts('http://exemple')).not.toContain('http:'));

  it.each(['de:nath', 'nath'])('the directory that doesn’t answer is told: %s', async (typed) => {
    expect((await suggest(typed, page)).note).toBeNull();
    client.server.interfere = (path) => (path.startsWith('/api/people') ? new Response('<html>', { status: 502 }) : null);
    expect((await suggest(typed, page)).note).toContain('L’annuaire ne répond pas');
    expect((await suggest('est:non', page)).note).toBeNull();
  });

  it('what was looked for lately, once, the newest first', async () => {
    await remember(page.store, 'cantine');
    await remember(page.store, 'bulletins');
    await remember(page.store, 'cantine');
    await remember(page.store, 'x');
    expect((await texts('')).filter((text) => !text.includes(':'))).toEqual(['cantine', 'bulletins']);
  });
});
