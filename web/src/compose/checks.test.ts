import { describe, expect, it } from 'vitest';

import { announcedFile } from './checks.ts';
import { splitDraft, wordsOf } from './quoted.ts';

describe('a forgotten file', () => {
  it.each([
    'Vous trouverez ci-joint le compte rendu.',
    'Voir la pièce jointe',
    'Je vous joins la liste.',
    'Please find attached the list.',
    'Le document en PJ',
  ])('is announced: %s', (text) => {
    expect(announcedFile(text)).not.toBeNull();
  });

  it.each(['Je vous rejoins à midi.', 'Les deux conjoints sont venus.', 'Bonjour', 'Elle a rejoint la salle.'])(
    'is not: %s',
    (text) => {
      expect(announcedFile(text)).toBeNull();
    },
  );
});

describe('what one writes and what one quotes', () => {
  it('parts an answer at its attribution', () => {
    const quoted = '<p>Le lundi 3 novembre, 10 h, Paul a écrit\u00a0:</p><blockquote type="cite"><p>ci-joint</p></blockquote>';
    const split = splitDraft(`<p>Merci.</p>${quoted}`);
    expect(split).toEqual({ own: '<p>Merci.</p>', quoted });
    expect(announcedFile(wordsOf(split.own))).toBeNull();
  });

  it('parts a forwarded message at its heading, and nothing where there is none', () => {
    expect(splitDraft('<p></p><p>---------- Message transféré ----------<br>De</p>x').own).toBe('<p></p>');
    expect(splitDraft('<p>Seul</p>')).toEqual({ own: '<p>Seul</p>', quoted: '' });
  });
});
