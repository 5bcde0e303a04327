import { describe, expect, it } from 'vitest';

import { keywordFor, nextColor, sameName } from './labels.ts';

describe('the keyword of a label', () => {
  it.each([
    ['Conseil de classe', 'conseil_de_classe'],
    ['Élèves à suivre', 'eleves_a_suivre'],
    ['Œuvres (2026)', 'oeuvres_2026'],
    ['***', 'label'],
    ['الطلاب', 'label'],
  ])('of « %s » is plain ASCII: %s', (name, keyword) => {
    expect(keywordFor(name, new Set())).toBe(keyword);
  });

  it('is never one that is taken', () => {
    expect(keywordFor('Sortie', new Set(['sortie', 'sortie_2']))).toBe('sortie_3');
  });
});

it('takes the colour that is used least', () => {
  expect(nextColor([])).toBe('teal');
  expect(nextColor([{ keyword: 'a', name: 'a', color: 'teal' }])).toBe('violet');
});

it('knows a name whatever its accents, case and apostrophes', () => {
  expect(sameName(' Élèves', 'eleves')).toBe(true);
  expect(sameName("Élève d'été", 'ÉLÈVE D’ÉTÉ')).toBe(true);
  expect(sameName('Élèves', 'Parents')).toBe(false);
});
