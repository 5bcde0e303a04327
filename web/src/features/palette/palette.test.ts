import { describe, expect, it } from 'vitest';

import { fit } from './fuzzy.ts';

const best = (typed: string, lines: readonly string[]) =>
  lines.flatMap((line) => [[line, fit(typed, line)] as const]).filter(([, score]) => score !== null).sort((one, other) => (other[1] ?? 0) - (one[1] ?? 0))[0]?.[0];

describe('what one types in the palette', () => {
  it.each([
    ['reglages', ['Réglages', 'Archiver'], 'Réglages'],
    ['rt', ['Répondre', 'Répondre à tous'], 'Répondre à tous'],
    ['arch', ['Marquer', 'Archiver', 'Archives'], 'Archiver'],
    ['bdr', ['Brouillons', 'Boîte de réception'], 'Boîte de réception'],
    ['eleve', ['Élèves de 3e', 'Envoyés'], 'Élèves de 3e'],
  ])('%s', (typed, lines, expected) => {
    expect(best(typed, lines)).toBe(expected);
  });

  it('fits nothing that lacks a letter', () => {
    expect(fit('xyz', 'Archiver')).toBeNull();
    expect(fit('', 'Archiver')).toBe(0);
  });
});
