import { describe, expect, it } from 'vitest';

import { isAddress, readAddresses, withPeople } from './addresses.ts';

describe('addresses as typed and pasted', () => {
  it('reads names, commas, semicolons and lines', () => {
    const { people, rest } = readAddresses('Claire Lefèvre <claire@ac.fr>, "Roux, Paul" <paul@ac.fr>; ana@ac.fr\nluc@ac.fr');
    expect(people).toEqual([
      { name: 'Claire Lefèvre', email: 'claire@ac.fr' },
      { name: 'Roux, Paul', email: 'paul@ac.fr' },
      { name: null, email: 'ana@ac.fr' },
      { name: null, email: 'luc@ac.fr' },
    ]);
    expect(rest).toBe('');
  });

  it('gives back what is no address', () => {
    expect(readAddresses('paul, ana@ac.fr')).toEqual({ people: [], rest: 'paul, ana@ac.fr' });
    expect(readAddresses('paul').rest).toBe('paul');
  });

  it.each(['a@b.fr', "o'neil@ac-caen.fr", 'élève@école.fr', 'x@localhost'])('%s may be written to', (text) => {
    expect(isAddress(text)).toBe(true);
  });

  it.each(['a@', '@b.fr', 'a b@c.fr', 'a@b@c.fr', 'a@-b.fr', 'a@b..fr', ''])('%s may not', (text) => {
    expect(isAddress(text)).toBe(false);
  });

  it('keeps each address once', () => {
    const one = { name: 'Ana', email: 'ana@ac.fr' };
    expect(withPeople([one], [{ name: null, email: 'ANA@ac.fr' }])).toEqual([one]);
  });
});
