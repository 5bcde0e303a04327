/** A search as words and chips: the chips are operators of the same text, so that a kept link says it all. */

export type ChipName = 'file' | 'unread' | 'starred' | 'lastWeek' | 'thisMonth' | 'lastMonth' | 'thisYear';

export interface Query {
  readonly words: string;
  readonly chips: ReadonlySet<ChipName>;
}

/** Only one period at a time makes sense. */
const PERIODS: readonly ChipName[] = ['lastWeek', 'thisMonth', 'lastMonth', 'thisYear'];
export const CHIPS: readonly ChipName[] = ['file', ...PERIODS, 'unread', 'starred'];

function day(date: Date): string {
  const month = String(date.getMonth() + 1).padStart(2, '0');
  return `${date.getFullYear()}-${month}-${String(date.getDate()).padStart(2, '0')}`;
}

/** What a chip writes into the search. */
export function termOf(chip: ChipName, now: Date): string {
  const year = now.getFullYear();
  const month = now.getMonth();
  switch (chip) {
    case 'file':
      return 'pj:oui';
    case 'unread':
      return 'est:non-lu';
    case 'starred':
      return 'est:suivi';
    case 'lastWeek':
      return `après:${day(new Date(year, month, now.getDate() - 7))}`;
    case 'thisMonth':
      return `après:${day(new Date(year, month, 1))}`;
    case 'lastMonth':
      return `après:${day(new Date(year, month - 1, 1))} avant:${day(new Date(year, month, 1))}`;
    case 'thisYear':
      return `après:${day(new Date(year, 0, 1))}`;
  }
}

/** Take a search text apart into what is typed and the chips that are on. */
export function readQuery(text: string, now: Date): Query {
  let words = ` ${text} `;
  const chips = new Set<ChipName>();
  const longestFirst = [...CHIPS].sort((one, other) => termOf(other, now).length - termOf(one, now).length);
  for (const chip of longestFirst) {
    const term = ` ${termOf(chip, now)} `;
    if (!words.includes(term)) continue;
    words = words.replace(term, ' ');
    chips.add(chip);
  }
  return { words: words.trim(), chips };
}

export function writeQuery(query: Query, now: Date): string {
  const terms = CHIPS.filter((chip) => query.chips.has(chip)).map((chip) => termOf(chip, now));
  return [query.words.trim(), ...terms].filter((part) => part !== '').join(' ');
}

/** Press a chip: on, off, or instead of the other period. */
export function pressChip(query: Query, chip: ChipName): Query {
  const chips = new Set(query.chips);
  if (chips.has(chip)) chips.delete(chip);
  else {
    if (PERIODS.includes(chip)) for (const period of PERIODS) chips.delete(period);
    chips.add(chip);
  }
  return { words: query.words, chips };
}

/** « de:"Claire Lemoine" » for a person chosen among those proposed. */
export function fromTerm(email: string): string {
  return `de:"${email}"`;
}
