/** Dates and sizes as people write them in each language. The moment and the time zone are arguments. */

export type Locale = 'fr' | 'en';

const NBSP = '\u00a0';
const TAGS: Record<Locale, string> = { fr: 'fr-FR', en: 'en-GB' };

const dateFormats = new Map<string, Intl.DateTimeFormat>();
const numberFormats = new Map<string, Intl.NumberFormat>();

/** Made once each: a list shows hundreds of dates and sizes, and making a format costs more than all else of a row. */
function once<Format>(formats: Map<string, Format>, key: string, make: () => Format): Format {
  let format = formats.get(key);
  if (format === undefined) {
    format = make();
    formats.set(key, format);
  }
  return format;
}

export function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return once(dateFormats, locale + JSON.stringify(options), () => new Intl.DateTimeFormat(TAGS[locale], options));
}

function numberFormat(locale: Locale, digits: number): Intl.NumberFormat {
  return once(numberFormats, `${locale}${digits}`, () => new Intl.NumberFormat(TAGS[locale], { maximumFractionDigits: digits }));
}

function parts(date: Date, locale: Locale, options: Intl.DateTimeFormatOptions): Map<string, string> {
  return new Map(dateFormat(locale, options).formatToParts(date).map((part) => [part.type, part.value]));
}

/** « 14 h 05 », "14:05". */
export function clock(date: Date, locale: Locale): string {
  const found = parts(date, locale, { hour: '2-digit', minute: '2-digit', hour12: false });
  const hour = found.get('hour') ?? '';
  const minute = found.get('minute') ?? '';
  return locale === 'fr' ? `${Number(hour)}${NBSP}h${NBSP}${minute}` : `${hour}:${minute}`;
}

function dayOf(date: Date, locale: Locale, now: Date): string {
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return dateFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', ...year }).format(date);
}

/** « 24 novembre 2026 ». */
export function calendarDay(date: Date, locale: Locale): string {
  return dateFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' }).format(date);
}

/** « mardi 24 novembre, 14 h 05 »; with the year when it isn't this one. */
export function longDate(iso: string, locale: Locale, now: Date): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return `${dayOf(date, locale, now).replace(',', '')}, ${clock(date, locale)}`;
}

/** For a narrow column: the hour today, « hier », the day this year, the whole date before. */
export function shortDate(iso: string, locale: Locale, now: Date): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  if (date.toDateString() === now.toDateString()) return clock(date, locale);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (date.toDateString() === yesterday.toDateString()) return locale === 'fr' ? 'hier' : 'yesterday';
  if (date.getFullYear() === now.getFullYear()) {
    return dateFormat(locale, { day: 'numeric', month: 'short' }).format(date);
  }
  return dateFormat(locale, { day: '2-digit', month: '2-digit', year: '2-digit' }).format(date);
}

const UNITS: Record<Locale, readonly string[]> = {
  fr: ['octets', 'Ko', 'Mo', 'Go'],
  en: ['bytes', 'KB', 'MB', 'GB'],
};

const SINGLE: Record<Locale, string> = { fr: 'octet', en: 'byte' };

/** « 3,2 Mo », "3.2 MB": thousands of bytes, one decimal below ten. */
export function size(bytes: number, locale: Locale): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < 3) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  const text = numberFormat(locale, digits).format(value);
  const single = unit === 0 && bytes > 0 && value < (locale === 'fr' ? 2 : 1.5);
  return `${text}${NBSP}${single ? SINGLE[locale] : (UNITS[locale][unit] ?? '')}`;
}
