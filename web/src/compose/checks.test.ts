import { describe, expect, it } from 'vitest';

import type { Address, Draft, DraftContent } from '../store/types.ts';
import { announcedFile, MANY_IN_SIGHT, MANY_OUTSIDE_IN_SIGHT, obstacleTo, outOfSight, questionsBefore } from './checks.ts';
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
  const draft = (subject: string) => ({ content: { to: [], cc: [], bcc: [], attachments: [], inReplyTo: [], subject } }) as unknown as Draft;
  const asked = (subject: string, text: string) =>
    questionsBefore(draft(subject), text, { mode: 'show', domains: [], known: new Set() }).map((question) => ('field' in question ? question.field : question.kind));

  it('that nobody filled in is asked about', () => {
    expect(asked('Sortie', 'La classe {{ classe }} part lundi.')).toEqual(['{{ classe }}']);
    expect(asked('Sortie du {{date}}', 'Bonjour')).toEqual(['{{date}}']);
    expect(asked('Sortie', 'Une {accolade} et {{}} ne disent rien.')).toEqual([]);
  });
});

describe('many people who would see each other’s addresses', () => {
  const DOMAINS = ['ac-rouen.fr'];
  const people = (count: number, domain = 'ac-rouen.fr', name = 'p'): readonly Address[] =>
    Array.from({ length: count }, (_, at) => ({ name: null, email: `${name}${at}@${domain}` }));
  const content = (change: Partial<DraftContent>) =>
    ({ to: [], cc: [], bcc: [], attachments: [], inReplyTo: [], subject: 'Sortie', ...change }) as unknown as DraftContent;
  const asked = (change: Partial<DraftContent>) =>
    questionsBefore({ content: content(change) } as unknown as Draft, 'Bonjour', { mode: 'show', domains: DOMAINS, known: new Set() });

  it('are asked about beyond a number, each counted once wherever they stand', () => {
    expect(asked({ to: people(MANY_IN_SIGHT), cc: people(5) })).toEqual([]);
    expect(asked({ to: people(MANY_IN_SIGHT), cc: people(1, 'ac-rouen.fr', 'q') })).toEqual([{ kind: 'in-sight', count: MANY_IN_SIGHT + 1, answer: false }]);
  });

  it('are fewer outside, and none among the blind copies', () => {
    expect(asked({ to: people(MANY_OUTSIDE_IN_SIGHT, 'parents.example') })).toEqual([]);
    expect(asked({ to: people(MANY_OUTSIDE_IN_SIGHT + 1, 'parents.example') })).toHaveLength(1);
    expect(asked({ bcc: people(200, 'parents.example') })).toEqual([]);
  });

  it('go to the blind copies, each once', () => {
    const hidden = outOfSight(content({ to: people(30), cc: people(2), bcc: people(1, 'ac-rouen.fr', 'b') }), DOMAINS);
    expect([hidden.to, hidden.cc, hidden.bcc.length]).toEqual([[], [], 31]);
    expect(asked(hidden)).toEqual([]);
  });

  it('of an answer to all, whom one answers stays in sight', () => {
    const answer = { to: people(1, 'ac-rouen.fr', 'a'), cc: people(40), inReplyTo: ['x@y'] };
    expect(asked(answer)).toEqual([{ kind: 'in-sight', count: 41, answer: true }]);
    const hidden = outOfSight(content(answer), DOMAINS);
    expect([hidden.to, hidden.cc, hidden.bcc.length]).toEqual([answer.to, [], 40]);
    // An answer to one's own letter to all of them.
    expect(outOfSight(content({ to: people(40), inReplyTo: ['x@y'] }), DOMAINS).bcc).toHaveLength(40);
  });
});
