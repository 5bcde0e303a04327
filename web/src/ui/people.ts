/** People as they are named on screens. */

interface Named {
  readonly name: string | null;
  readonly email: string;
}

/** The name, or the address when there is none. */
export function nameOf(person: Named): string {
  const name = person.name?.trim() ?? '';
  return name === '' ? person.email : name;
}

/** The given name of « Claire LEMOINE » or "Lemoine, Claire"; for the short list of who takes part. */
export function shortNameOf(person: Named): string {
  const name = nameOf(person);
  if (name.includes('@')) return name.split('@')[0] ?? name;
  const [family, given] = name.split(',').map((part) => part.trim());
  if (given !== undefined && given !== '') return given;
  return (family ?? name).split(/\s+/)[0] ?? name;
}

/** Two letters at most, for the round mark beside a sender. */
export function initialsOf(person: Named): string {
  const words = nameOf(person)
    .replace(/@.*/, '')
    .split(/[\s._,-]+/u)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.match(/^./u)?.[0] ?? '');
  return letters.join('').toLocaleUpperCase() || '?';
}
