/** A search as words and terms with operators: chips are terms of the same text, so that a kept link says it all. */

import { readTerms, type Term } from '../../store/search/search-terms.ts';

export type ChipName = 'file' | 'unread' | 'starred' | 'lastWeek' | 'thisMonth' | 'lastMonth' | 'thisYear';

/** Only one period at a time makes sense. */
const PERIODS: readonly ChipName[] = ['lastWeek', 'thisMonth', 'lastMonth', 'thisYear'];
export const CHIPS: readonly ChipName[] = ['file', ...PERIODS, 'unread', 'starred'];

export interface Query {
  /** What isn't a term of its own: words, and terms joined by OU. */
  readonly words: string;
  /** Terms with an operator, as they are written. */
  readonly terms: readonly string[];
}

function day(date: Date): string {
  const month = String(date.getMonth() + 1).padStart(2, '0');
  return `${date.getFullYear()}-${month}-${String(date.getDate()).padStart(2, '0')}`;
}

/** What a chip writes into the search. */
export function termsOf(chip: ChipName, now: Date): readonly string[] {
  const year = now.getFullYear();
  const month = now.getMonth();
  switch (chip) {
    case 'file':
      return ['pj:oui'];
    case 'unread':
      return ['est:non-lu'];
    case 'starred':
      return ['est:suivi'];
    case 'lastWeek':
      return [`après:${day(new Date(year, month, now.getDate() - 7))}`];
    case 'thisMonth':
      return [`après:${day(new Date(year, month, 1))}`];
    case 'lastMonth':
      return [`après:${day(new Date(year, month - 1, 1))}`, `avant:${day(new Date(year, month, 1))}`];
    case 'thisYear':
      return [`après:${day(new Date(year, 0, 1))}`];
  }
}

/** The terms that stand alone, each with its place in the text. */
export function termsIn(text: string): readonly Term[] {
  return readTerms(text).flatMap((clause) => clause.filter(({ operator }) => clause.length === 1 && operator !== null));
}

export function readQuery(text: string): Query {
  const typed = text.normalize('NFC');
  const found = termsIn(typed);
  const words = found.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), typed);
  return { words: words.replaceAll(/\s+/g, ' ').trim(), terms: found.map(({ start, end }) => typed.slice(start, end)) };
}

export function writeQuery({ words, terms }: Query): string {
  return [words.trim(), ...new Set(terms)].filter((part) => part !== '').join(' ');
}

/** The chips that are on: the longest first, so that « last month » isn't taken for « this month ». */
export function chipsOn({ terms }: Query, now: Date): ReadonlySet<ChipName> {
  const on = new Set<ChipName>();
  const left = new Set(terms);
  const longest = CHIPS.toSorted((one, other) => termsOf(other, now).length - termsOf(one, now).length);
  for (const chip of longest) {
    const wanted = termsOf(chip, now);
    if (!wanted.every((term) => left.has(term))) continue;
    on.add(chip);
    for (const term of wanted) left.delete(term);
  }
  return on;
}

/** Press a chip: on, off, or instead of the other period. */
export function pressChip(query: Query, chip: ChipName, now: Date): Query {
  const on = chipsOn(query, now);
  const off = on.has(chip) ? [chip] : PERIODS.includes(chip) ? PERIODS.filter((period) => on.has(period)) : [];
  const gone = new Set(off.flatMap((one) => termsOf(one, now)));
  const kept = query.terms.filter((term) => !gone.has(term));
  return { words: query.words, terms: on.has(chip) ? kept : [...kept, ...termsOf(chip, now)] };
}

/** Another term in a term's place; none takes it out. */
export function replaceTerm(query: Query, term: string, by: string | null): Query {
  return { words: query.words, terms: query.terms.flatMap((one) => (one !== term ? [one] : by === null ? [] : [by])) };
}
