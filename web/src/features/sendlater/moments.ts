import { clock, dateFormat, type Locale } from '../../i18n/format.ts';

/** Moments at which people like their messages to leave. All in the time of this device. */

function at(day: Date, hour: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour);
}

function daysOn(day: Date, days: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days);
}

/** This evening, while it is well before. */
export function evening(now: Date): Date | null {
  return now.getHours() < 17 ? at(now, 18) : null;
}

export function tomorrow(now: Date): Date {
  return at(daysOn(now, 1), 8);
}

/** The Monday to come; none when tomorrow is Monday. */
export function monday(now: Date): Date | null {
  const days = (8 - now.getDay()) % 7 || 7;
  return days === 1 ? null : at(daysOn(now, days), 8);
}

/** As a field for date and time wants it. */
export function forField(moment: Date): string {
  const two = (number: number) => number.toString().padStart(2, '0');
  const day = `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  return `${day}T${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** What stands in such a field, or null when it isn't a moment to come. */
export function fromField(text: string, now: Date): Date | null {
  const moment = new Date(text);
  return text === '' || Number.isNaN(moment.getTime()) || moment <= now ? null : moment;
}

/** « Europe/Paris, UTC+1 »: overseas and travelling people must know which time is meant. */
export function zoneOf(moment: Date): string {
  const offset = -moment.getTimezoneOffset() / 60;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return `${timeZone}, UTC${offset < 0 ? '−' : '+'}${Math.abs(offset)}`;
}

/** « demain, 8 h 00 », « lun. 30 nov., 8 h 00 »: a moment to come, for a narrow place. */
export function chipDate(moment: Date, now: Date, locale: Locale): string {
  const time = clock(moment, locale);
  if (moment.toDateString() === now.toDateString()) return time;
  if (moment.toDateString() === daysOn(now, 1).toDateString()) return `${locale === 'fr' ? 'demain' : 'tomorrow'}, ${time}`;
  const year = moment.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  const day = dateFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', ...year });
  return `${day.format(moment)}, ${time}`;
}
