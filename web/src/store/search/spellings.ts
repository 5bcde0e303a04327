import { fold } from './search-terms.ts';

/** The letters of French with their accents, and how rare each is. */
const ACCENTED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  a: { â: 3, à: 4 }, i: { î: 3, ï: 3 }, o: { ô: 2 }, u: { û: 3, ü: 4 }, c: { ç: 2 },
};
/** Beyond this hardly any French word or name is spelt so. */
const RAREST = 5;
/** More ways than that are of no word: the likeliest go on. */
const MOST = 1000;

/** Before x, twice the same consonant or one that ends the syllable, an e bears no accent (examen, essai, entretien). */
const CLOSED = /^(?:x|(?<twice>[b-df-hj-np-tv-z])\k<twice>|[lmnrs][b-df-hj-np-tv-z])/;

/** A word begins with é and ends with ée; before a syllable with a mute e it is è (élève), else é (réunion); after a vowel perhaps ë (Noël). */
function accentsOfE(before: string, after: string): Readonly<Record<string, number>> {
  if (CLOSED.test(after)) return {};
  if (before === '') return { é: 0, ê: 3, è: 4 };
  if (/^es?$/.test(after)) return { é: 0 };
  const mute = /^[bcdfghjklmnpqrstvwxz]{1,2}e/.test(after);
  return { é: mute || after === '' ? 2 : 1, è: mute ? 1 : 3, ê: 3, ë: /[oa]$/.test(before) ? 2 : 5 };
}

/**
 * How a word may be written: as typed, without accents, then with those that French has, the likeliest first. The engine
 * knows words as they are written; only for whole words of a text does it know them without their accents.
 */
export function spellings(word: string, most: number): readonly string[] {
  const typed = word.toLowerCase();
  const bare = fold(word);
  let found: readonly (readonly [string, number])[] = [['', 0]];
  for (const [at, letter] of Array.from(bare).entries()) {
    const accents = Object.entries(letter === 'e' ? accentsOfE(bare.slice(0, at), bare.slice(at + 1)) : (ACCENTED[letter] ?? {}));
    found = found
      .flatMap(([start, cost]) => [
        // Where é is nearly sure, none is the exception.
        [`${start}${letter}`, cost + (accents.some(([, rarity]) => rarity === 0) ? 1 : 0)] as const,
        ...accents.map(([accented, rarity]) => [`${start}${accented}`, cost + rarity] as const),
      ])
      .filter(([, cost]) => cost <= RAREST);
    if (found.length > MOST) found = found.toSorted((one, other) => one[1] - other[1]).slice(0, MOST);
  }
  const likely = found.toSorted((one, other) => one[1] - other[1]).map(([spelling]) => spelling);
  const joined = bare.includes('oe') ? [bare.replaceAll('oe', 'œ')] : bare.includes('œ') ? [bare.replaceAll('œ', 'oe')] : [];
  return [...new Set([typed, bare, ...joined, ...likely])].slice(0, most);
}

/** What loses its vowel before a word: the commonest first. For the engine `l'école` is one word. */
const ELISIONS = ["l'", "d'", "qu'", "s'", "n'", "j'", "c'", "m'"];
const ELIDED = /^(?<elision>(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)')(?<rest>[aeiouyh].*)$/;

/** A word without what was joined to it by an apostrophe: `l'école`, `d’Harcourt`; as it is where nothing was. */
export function unelided(word: string): string {
  const plain = word.replaceAll('’', "'");
  const { elision, rest } = ELIDED.exec(fold(plain))?.groups ?? {};
  // Folding may change the length of what follows, never of the elision.
  return elision === undefined || rest === 'hui' ? plain : plain.slice(elision.length);
}

/** A word as it stands after l', d' and the like; none where it begins with a consonant. */
export function elisionsOf(word: string): readonly string[] {
  return /^[aeiouyhœæ]/.test(fold(word)) ? ELISIONS.map((elision) => `${elision}${word}`) : [];
}
