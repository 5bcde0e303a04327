import { describe, expect, it } from 'vitest';

import { clock } from '../mock/clock.ts';
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
    ['Rapport de rentrée.pdf', 'https://depot.example/x', false],
    ['rapport.pdf', 'https://depot.example/x', false],
    ['école.fr', 'https://école.fr/', false],
    ['https://a.example/?u=https://b.example/', 'https://a.example/', false],
    ['Se connecter : https://banque.example/compte', 'https://voleur.example/', true],
    ['Voir www.banque.example', 'https://voleur.example/', true],
    ['bi\u200bn\u00adq.example', 'https://binq.example/', false],
    ['ban\u200bque.example', 'https://voleur.example/', true],
    ['banque．example', 'https://voleur.example/', true],
    ['écrire à jean@banque.example', 'https://voleur.example/', false],
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
    ['[https://a.example/x[1]], puis', 'https://a.example/x[1]', 'https://a.example/x[1]'],
    ['https://a.example/x_(y)).', 'https://a.example/x_(y)', 'https://a.example/x_(y)'],
    ['Écrire à jean.martin@ac-caen.fr;', 'jean.martin@ac-caen.fr', 'mailto:jean.martin@ac-caen.fr'],
  ])('%s', (text, shown, href) => {
    const pieces = linkify(text);
    expect(pieces.filter((piece) => piece.href !== undefined)).toEqual([{ text: shown, href }]);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  });
});

describe('a text made to take long', () => {
  it.each([
    ['one word', 'a'.repeat(60_000)],
    ['a name without an end', `www.${'a'.repeat(60_000)}`],
    ['full stops', `http://a${'.'.repeat(60_000)}a`],
    ['brackets', `http://a${')'.repeat(60_000)}`],
    ['signs of an address', 'a@'.repeat(30_000)],
    ['names below names', `a@${'a.'.repeat(30_000)}1`],
  ])('%s', (_name, text) => {
    const spent = clock();
    expect(linkify(text).map((piece) => piece.text).join('')).toBe(text);
    expect(spent()).toBeLessThan(500);
  });
});
