import { describe, expect, it } from 'vitest';

import { clock } from '../mock/clock.ts';
import { distance, doubtsOf, toldOf, wayTo } from './judging.ts';
import { destinationOf } from './links.ts';
import { inLetters } from './punycode.ts';

const OWN = ['ac-normandie.fr', 'normandie.localhost', 'webmail.ac-normandie.fr'];

function doubts(href: string, text = 'Voir la page'): readonly string[] {
  const destination = destinationOf(href);
  if (destination === null) throw new Error(`${href} is no link`);
  return doubtsOf(text, href, destination, OWN);
}

describe('links that nothing is said about', () => {
  it.each([
    'https://ac-normandie.fr/page',
    'https://webmail.ac-normandie.fr/',
    'https://www.education.gouv.fr/x',
    'https://www.impots.gouv.fr/',
    'https://www.ac-reims.fr/',
    'https://ac-orleans-tours.fr/',
    'https://exemple.fr/ac-normandie.fr',
    'https://école.fr/',
    'https://www.lemonde.fr/education',
    'https://normandie.localhost:8443/courrier/',
    'https://exemple.org/?a=x@y',
    'https://pronote.net/',
    'https://www.normandie.fr/',
    'https://webmail.exemple.fr/',
  ])('%s', (href) => expect(doubts(href)).toEqual([]));
});

describe('links that are asked about', () => {
  it.each([
    ['https://ac-normandie.fr.connexion.example/', 'lookalike'],
    ['https://ac-normandie-fr.example/', 'lookalike'],
    ['https://ac-normandie.com/', 'lookalike'],
    ['https://ac-norrnandie.fr.example/', 'lookalike'],
    ['https://ac-normadie.fr/', 'lookalike'],
    ['https://ас-normandie.fr/', 'lookalike'],
    ['https://education-gouv.fr/', 'lookalike'],
    ['https://education.gouv.fr.example.net/', 'lookalike'],
    ['https://educati0n.gouv.fr.example/', 'lookalike'],
    ['https://аррӏе.com/', 'letters'],
    ['https://xn--80ak6aa92e.com/', 'letters'],
    ['http://192.0.2.4/', 'address'],
    ['http://0xC0000204/', 'address'],
    ['http://3221225988/', 'address'],
    ['http://[2001:db8::1]/', 'address'],
    ['https://ac-normandie.fr@piege.example/', 'userinfo'],
    ['https://ac-normandie.fr:mot@piege.example/', 'userinfo'],
    ['https://bit.ly/abc', 'short'],
    ['https://exemple.fr:8444/', 'port'],
  ])('%s: %s', (href, doubt) => expect(doubts(href)).toContain(doubt));

  it.each([
    'https://ac-normandie.fr',
    'Le site de l’académie (webmail.ac-normandie.fr)',
    'rf.eidnamron-ca',
    'Connexion education.gouv.fr',
  ])('words that name another site: %s', (words) => {
    expect(doubts('https://piege.example/', words)).toContain('elsewhere');
  });

  it.each(['Écrire à rectorat@ac-normandie.fr', 'https://piege.example/ac-normandie.fr', 'Bulletin d’ac-normandie'])(
    'words that only sound like one: %s',
    (words) => expect(doubts('https://piege.example/', words)).toEqual([]),
  );

  it('thousands of them take no time', () => {
    const spent = clock();
    for (let each = 0; each < 5_000; each += 1) doubts('https://site-ordinaire.example/page', 'Lire la suite');
    expect(spent()).toBeLessThan(1_500);
  });
});

describe('what one sees of it', () => {
  it.each([
    ['xn--80ak6aa92e.com', 'аррӏе.com'],
    ['xn--cole-9oa.fr', 'école.fr'],
    ['xn--bcher-kva.example', 'bücher.example'],
    ['xn--fiqs8s', '中国'],
    ['xn--!!.com', 'xn--!!.com'],
    ['exemple.fr', 'exemple.fr'],
  ])('%s is drawn %s', (host, drawn) => expect(inLetters(host)).toBe(drawn));

  it('tells both forms of a name', () => {
    const destination = destinationOf('https://аррӏе.com/');
    expect(destination && toldOf(destination)).toBe('аррӏе.com (xn--80ak6aa92e.com)');
  });

  it('goes by our own page when there is a doubt', () => {
    const destination = destinationOf('https://bit.ly/a?b=c&d');
    if (destination === null) throw new Error('no link');
    expect(wayTo(destination, [], 'https://nous.example')).toBe('https://bit.ly/a?b=c&d');
    const asked = new URL(wayTo(destination, ['short'], 'https://nous.example'));
    expect([asked.pathname, asked.searchParams.get('vers'), asked.searchParams.get('pour')]).toEqual([
      '/sortie/',
      'https://bit.ly/a?b=c&d',
      'short',
    ]);
  });

  it.each([
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'ab', 1],
    ['abc', 'bac', 1],
    ['abc', 'xyz', 2],
    ['abcd', 'ab', 2],
  ] as const)('%s and %s differ by %s', (one, other, slips) => expect(distance(one, other)).toBe(slips));
});
