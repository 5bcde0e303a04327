import type { Locale } from '../i18n/index.tsx';
import { sectionOf } from '../store/choices.ts';
import type { Me } from '../store/types.ts';

/** A label: a keyword that messages bear in the store, where every mail program finds it, with its name and colour. */
export interface Label {
  readonly keyword: string;
  readonly name: string;
  readonly color: string;
}

/** The five that Thunderbird has always had: its keywords, its colours, our words. */
const THUNDERBIRD: readonly (readonly [color: string, fr: string, en: string])[] = [
  ['red', 'Important', 'Important'],
  ['orange', 'Travail', 'Work'],
  ['green', 'Personnel', 'Personal'],
  ['blue', 'À faire', 'To do'],
  ['violet', 'Plus tard', 'Later'],
];

export function ownLabels(me: Me | null): readonly Label[] {
  const labels = sectionOf(me, 'labels')['labels'];
  return Array.isArray(labels) ? (labels as Label[]) : [];
}

export function thunderbirdLabels(locale: Locale): readonly Label[] {
  return THUNDERBIRD.map(([color, fr, en], at) => ({ keyword: `$label${at + 1}`, name: locale === 'fr' ? fr : en, color }));
}

/** All that a keyword may mean to this person; their own word for one of Thunderbird's wins. */
export function knownLabels(me: Me | null, locale: Locale): readonly Label[] {
  const own = ownLabels(me);
  return [...own, ...thunderbirdLabels(locale).filter(({ keyword }) => !own.some((one) => one.keyword === keyword))];
}
