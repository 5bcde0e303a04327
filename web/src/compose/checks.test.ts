import { describe, expect, it } from 'vitest';

import type { Draft } from '../store/types.ts';
import { announcedFile, obstacleTo, questionsBefore } from './checks.ts';
import { splitDraft, wordsOf } from './editor/quoted.ts';

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

describe('what is sensitive', () => {
  const file = { blob: 'G1', name: 'dossier.pdf', inline: false };
  const draft = (sensitive: boolean, files: readonly unknown[]) =>
    ({ content: { to: [{ name: '', email: 'a@b.fr' }], cc: [], bcc: [], attachments: files, sensitive }, uploads: [] }) as unknown as Draft;

  it('does not leave with a file, whatever program attached it', () => {
    expect(obstacleTo(draft(true, [file]))).toBe('sensitive-files');
    expect(obstacleTo(draft(true, [{ ...file, inline: true }]))).toBeNull();
    expect(obstacleTo(draft(false, [file]))).toBeNull();
  });
});

describe('a field of a template', () => {
  const draft = (subject: string) => ({ content: { to: [], cc: [], bcc: [], attachments: [], subject } }) as unknown as Draft;
  const asked = (subject: string, text: string) =>
    questionsBefore(draft(subject), text, { mode: 'show', domains: [], known: new Set() }).map((question) => ('field' in question ? question.field : question.kind));

  it('that nobody filled in is asked about', () => {
    expect(asked('Sortie', 'La classe {{ classe }} part lundi.')).toEqual(['{{ classe }}']);
    expect(asked('Sortie du {{date}}', 'Bonjour')).toEqual(['{{date}}']);
    expect(asked('Sortie', 'Une {accolade} et {{}} ne disent rien.')).toEqual([]);
  });
});
