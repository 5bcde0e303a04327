import { describe, expect, it } from 'vitest';

import { destinationOf, leadsElsewhere, linkify } from './links.ts';

function elsewhere(text: string, href: string): boolean {
  const destination = destinationOf(href);
  return destination !== null && leadsElsewhere(text, destination);
}

describe('where a link leads', () => {
  it.each([
    ['https://banque.example/compte', 'https://voleur.example/', true],
    ['banque.example', 'https://banque.example.voleur.test/', true],
    ['www.ac-normandie.fr', 'https://ac-normandie.fr/page', false],
    ['ac-normandie.fr', 'https://webmail.ac-normandie.fr/', false],
    ['Cliquez ici', 'https://voleur.example/', false],
    ['Version 2.0 du texte', 'https://autre.example/', false],
  ])('%s → %s: told %s', (text, href, told) => {
    expect(elsewhere(text, href)).toBe(told);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', ' vbscript:x', '/relatif', 'ftp://a.example', 'mailto:'])(
    '%s is no way out',
    (href) => {
      expect(destinationOf(href)).toBeNull();
    },
  );
});

describe('addresses in plain text', () => {
  it.each([
    ['Voir https://a.example/page.', 'https://a.example/page', 'https://a.example/page'],
    ['(https://a.example/x_(y))', 'https://a.example/x_(y)', 'https://a.example/x_(y)'],
    ['www.exemple.fr, merci', 'www.exemple.fr', 'https://www.exemple.fr'],
    ['Écrire à jean.martin@ac-caen.fr;', 'jean.martin@ac-caen.fr', 'mailto:jean.martin@ac-caen.fr'],
  ])('%s', (text, shown, href) => {
    const pieces = linkify(text);
    expect(pieces.filter((piece) => piece.href !== undefined)).toEqual([{ text: shown, href }]);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  });
});
