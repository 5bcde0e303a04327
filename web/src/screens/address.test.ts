import { expect, it } from 'vitest';

import { readPlace, writePlace } from './address.ts';

it.each([
  '?dossier=F1&seuls=non-lus', '?boite=ce%40ac-x.fr&dossier=F1&seuls=suivis&fil=T1', '?dossier=F1', '?recherche=%C3%A9cole', '?etiquette=vert&fil=T2', '',
])('an address is read back as it was written: %s', (query) => {
  expect(writePlace(readPlace(query))).toBe(query);
});

it('passes over what it doesn’t know', () => {
  expect(readPlace('?dossier=F1&seuls=toString').only).toBeNull();
});
