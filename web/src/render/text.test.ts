import { describe, expect, it } from 'vitest';

import { clock } from '../mock/clock.ts';
import { cutText, readText } from './text.ts';

function history(text: string): string {
  return readText(text).history.map((block) => block.text).join('|');
}

describe('the history of a plain text', () => {
  it.each([
    ['Thunderbird', 'Merci.\n\nLe 12/10/2026 à 10:22, Claire Lefèvre a écrit :\n> Bonjour\n> Tous'],
    ['Gmail, on two lines', 'Merci.\n\nLe lun. 12 oct. 2026 à 10:22, Claire Lefèvre <\nclaire@ac.fr> a écrit :\n\n> Bonjour'],
    ['English', 'Thanks.\n\nOn Mon, Oct 12, 2026 at 10:22, Claire wrote:\n> Hello'],
    ['Outlook', 'Merci.\n\nDe : Claire Lefèvre\nEnvoyé : lundi 12 octobre 2026 10:22\nÀ : Paul\nObjet : Sortie\n\nBonjour'],
    ['Outlook, English', 'Thanks.\n\nFrom: Claire\nSent: Monday\nTo: Paul\n\nHello'],
    ['a dashed line', 'Merci.\n\n-----Message d’origine-----\nDe : Claire\n\nBonjour'],
    ['marks alone', 'Merci.\n\n> un\n> deux\n> trois'],
  ])('is folded: %s', (_name, text) => {
    expect(history(text)).not.toBe('');
    expect(readText(text).shown.map((block) => block.text)[0]).toMatch(/^(Merci|Thanks)/);
  });

  it.each([
    ['an answer between the lines', 'Le 12/10/2026, Claire a écrit :\n> Quand ?\nDemain.\n> Où ?\nIci.'],
    ['a forwarded message', 'Pour information.\n\n---------- Message transféré ----------\nDe : Claire\nDate : hier\n\nBonjour'],
    ['words that only look alike', 'Le directeur a écrit :\nvenez demain.'],
    ['a short quotation', 'Voici :\n> un vers'],
  ])('is left: %s', (_name, text) => {
    expect(history(text)).toBe('');
  });

  it('tells levels apart and keeps every word', () => {
    expect(readText('Un\n> deux\n>> trois\n> > quatre\nCinq').shown).toEqual([
      { level: 0, text: 'Un' },
      { level: 1, text: 'deux' },
      { level: 2, text: 'trois\nquatre' },
      { level: 0, text: 'Cinq' },
    ]);
  });

  it.each([
    ['spaces', `${' '.repeat(60_000)}x`],
    ['empty lines', `a${'\n'.repeat(60_000)}x`],
    ['an introduction without an end', `Le 1 janvier a écrit${' '.repeat(60_000)}x\n> a`],
    ['marks', '> '.repeat(30_000)],
  ])('reads at once what was made to take long: %s', (_name, text) => {
    const spent = clock();
    readText(text);
    expect(spent()).toBeLessThan(500);
  });

  it('cuts a long text at a line end and loses nothing', () => {
    const text = 'ligne\n'.repeat(1000);
    const { head, rest } = cutText(text, 100);
    expect(head.length).toBeLessThanOrEqual(100);
    expect(rest.startsWith('\n')).toBe(true);
    expect(head + rest).toBe(text);
  });
});
