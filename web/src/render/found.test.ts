import { describe, expect, it } from 'vitest';

import { wordsSought } from '../store/search/search.ts';
import { foundIn, markFound, patternOf, rangesIn } from './found.ts';

function found(search: string, text: string): readonly string[] {
  const pattern = patternOf(wordsSought(search));
  return pattern === null ? [] : foundIn(text, pattern).map(({ start, end }) => text.slice(start, end));
}

describe('the words of a search in a text', () => {
  it.each([
    ['reunion', 'La Réunion de la réunion, pré-réunion', ['Réunion', 'réunion', 'réunion']],
    ['réun', 'REUNIONS et désunion', ['REUN']],
    ['réunions', 'une réunion', ['réunion']],
    ['coeur', 'Le cœur du sujet', ['cœur']],
    ['sujet', 'Le cœur du sujet, Œuvre', ['sujet']],
    ['de:gérault est:lu', 'Chloé Gerault', ['Gerault']],
    ['"conseil d’administration"', "le conseil d'administration", ["conseil d'administration"]],
    ['-exclu note', 'exclu, notes', ['note']],
    ['a.martin@ac-rouen.fr', 'De a.martin@ac-rouen.fr', ['a.martin@ac-rouen.fr']],
    ['élève', 'e\u0301le\u0300ve', ['e\u0301le\u0300ve']],
    ['a.b(c+)+$', 'a.b(c+)+$', ['a.b(c']],
  ])('%s in « %s »', (search, text, words) => {
    expect(found(search, text)).toEqual(words);
  });

  it('nothing sought is nothing to find', () => {
    expect(patternOf(wordsSought('est:non-lu avant:2026'))).toBeNull();
  });
});

describe('marks', () => {
  it('stand around the words, and change no text', () => {
    const body = document.createElement('div');
    body.innerHTML = '<p>Note de <b>réunion</b> et réunions</p><a href="#reunion">réunion</a>';
    const before = body.textContent;
    const pattern = patternOf(['reunion']);
    if (pattern === null) throw new Error('a pattern is expected');
    expect(rangesIn(body, pattern).map(String)).toEqual(['réunion', 'réunion', 'réunion']);
    markFound(body, pattern);
    expect(body.textContent).toBe(before);
    expect(body.innerHTML).toContain('<b><mark class="casier-found">réunion</mark></b> et <mark class="casier-found">réunion</mark>s');
    expect(body.querySelector('a')?.getAttribute('href')).toBe('#reunion');
  });

  it('are not without end', () => {
    const body = document.createElement('div');
    body.textContent = 'ab '.repeat(5_000);
    const pattern = patternOf(['ab']);
    if (pattern === null) throw new Error('a pattern is expected');
    markFound(body, pattern);
    expect(body.querySelectorAll('mark')).toHaveLength(500);
  });
});
