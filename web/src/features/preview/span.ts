import { clock, dateFormat, type Locale } from '../../i18n/format.ts';
import type { EventCard } from './calendar-read.ts';

interface Words {
  readonly wholeDay: string;
  readonly untilTime: string;
}

/** « mardi 24 novembre 2026, 14 h 05 jusqu’à 15 h », days alone for what lasts whole days. */
export function spanOf(event: Pick<EventCard, 'start' | 'end' | 'wholeDay'>, locale: Locale, words: Words): string {
  const start = new Date(event.start ?? '');
  const end = new Date(event.end ?? '');
  if (Number.isNaN(start.getTime())) return '';
  const ends = !Number.isNaN(end.getTime()) && end.getTime() > start.getTime();
  if (event.wholeDay) return ends ? `${day(start, locale)} – ${day(end, locale)}` : `${day(start, locale)}, ${words.wholeDay}`;
  const from = `${day(start, locale)}, ${clock(start, locale)}`;
  if (!ends) return from;
  const sameDay = start.toDateString() === end.toDateString();
  return `${from} ${words.untilTime} ${sameDay ? clock(end, locale) : `${day(end, locale)}, ${clock(end, locale)}`}`;
}

function day(date: Date, locale: Locale): string {
  return dateFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(date);
}
