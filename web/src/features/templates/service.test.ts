import { describe, expect, it } from 'vitest';

import { mockClient } from '../../mock/client.ts';
import type { Account } from '../../store/types.ts';
import { cleanTemplate, filled, fitting, hasFields, placeOf, saveTemplate, type Template, templatesOf } from './service.ts';

describe('what a template may hold', () => {
  it.each([
    ['<p onclick="alert(1)">Bonjour</p>', '<p>Bonjour</p>'],
    ['<script>alert(1)</script><p>Bonjour</p>', '<p>Bonjour</p>'],
    ['<p><img src="x" onerror="alert(1)">Bonjour</p>', '<p>Bonjour</p>'],
    ['<style>p { color: red }</style><p class="a" id="b">Bonjour</p>', '<p>Bonjour</p>'],
    ['<a href="javascript:alert(1)">Site</a>', '<a>Site</a>'],
    ['<form action="https://piege.example"><input><button>Oui</button></form>', 'Oui'],
  ])('%s', (written, kept) => expect(cleanTemplate(written)).toBe(kept));

  it('keeps lists, links and tables', () => {
    const html = '<ul><li><a href="https://exemple.fr">Un</a></li></ul><table><tbody><tr><td>1</td></tr></tbody></table>';
    expect(cleanTemplate(html)).toBe(html);
  });
});

describe('fields', () => {
  const fields = { etablissement: 'Collège <A>', nom: 'Le Goff' };

  it('are filled whatever their accents, capitals and spaces', () => {
    expect(filled('{{ Établissement }} {{NOM}}', fields, 'text')).toBe('Collège <A> Le Goff');
  });

  it('never bring markup into a text with form', () => {
    expect(filled('<p>{{etablissement}}</p>', fields, 'html')).toBe('<p>Collège &lt;A&gt;</p>');
  });

  it('stay where nothing is known', () => {
    expect(filled('{{date}} {{nom}}', fields, 'text')).toBe('{{date}} Le Goff');
    expect(hasFields('{{date}}')).toBe(true);
    expect(hasFields('{ date }')).toBe(false);
  });
});

describe('templates of a functional mailbox', () => {
  const shared = (key: string, kind: 'functional' | 'delegated') =>
    ({ id: key, shared: { mailboxKey: key, name: key, email: `${key}@ac-rouen.fr`, addresses: [`${key}@ac-rouen.fr`, `ce.${key}@ac-rouen.fr`], kind } }) as unknown as Account;
  const accounts = [{ id: 'moi' } as unknown as Account, shared('viesco', 'functional'), shared('paul', 'delegated')];
  const template = (name: string, mailbox: string | null): Template => ({
    id: name, name, subject: '', html: '', shared: false, mailbox: mailbox === null ? null : { key: mailbox, name: mailbox }, mine: true,
  });

  it('belong to whoever writes from one of its addresses, and to nobody else', () => {
    expect(placeOf(accounts, { name: null, email: 'CE.viesco@ac-rouen.fr' })?.key).toBe('viesco');
    expect(placeOf(accounts, { name: null, email: 'paul@ac-rouen.fr' })).toBeNull();
    const all = [template('a', null), template('b', 'viesco'), template('c', 'autre')];
    expect(fitting(all, { key: 'viesco', name: 'Vie scolaire' }).map(({ name }) => name)).toEqual(['b', 'a']);
    expect(fitting(all, null).map(({ name }) => name)).toEqual(['a']);
  });
});

it('says once whose it is, when it is made', async () => {
  const { server, services } = mockClient();
  const asked: unknown[] = [];
  const answer = (body: string): Response => {
    asked.push((JSON.parse(body) as { mailbox?: string }).mailbox);
    return Response.json(null);
  };
  server.routes.set('POST /api/writing/templates', answer);
  server.routes.set('PUT /api/writing/templates/a', answer);
  const written = { name: 'N', subject: '', html: '<p>Oui</p>' };
  await saveTemplate(services.road, written, null, 'viesco');
  await saveTemplate(services.road, written, null);
  await saveTemplate(services.road, written, 'a', 'viesco');
  expect(asked).toEqual(['viesco', undefined, undefined]);
});

it('is cleaned before it is kept, made anew or changed in place', async () => {
  const { server, services } = mockClient();
  const kept: string[] = [];
  const answer = (how: string) => (body: string) => {
    kept.push(`${how} ${(JSON.parse(body) as { html: string }).html}`);
    return Response.json({ id: 'a', name: 'N', subject: '', html: '', shared: false });
  };
  server.routes.set('POST /api/writing/templates', answer('made'));
  server.routes.set('PUT /api/writing/templates/a', answer('changed'));
  server.routes.set('GET /api/writing/templates', () => Response.json([]));
  const written = { name: 'N', subject: '', html: '<p onclick="x()">Oui</p>' };
  await saveTemplate(services.road, written, null);
  await saveTemplate(services.road, written, 'a');
  expect(kept).toEqual(['made <p>Oui</p>', 'changed <p>Oui</p>']);
  expect(await templatesOf(services.road)).toEqual([]);
});
