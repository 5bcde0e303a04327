import { describe, expect, it } from 'vitest';

import { mockClient } from '../../mock/client.ts';
import { cleanTemplate, filled, hasFields, saveTemplate, templatesOf } from './service.ts';

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
