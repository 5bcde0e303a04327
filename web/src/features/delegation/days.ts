/** A day as a field has it: `2026-11-24`, of the place where one is. */
export function dayOf(moment: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

export function daysLater(moment: Date, days: number): Date {
  const later = new Date(moment);
  later.setDate(later.getDate() + days);
  return later;
}

export interface Span {
  readonly startsAt: string;
  readonly endsAt: string;
}

/** From the beginning of a day (today: from now) to the end of another; null where that makes no sense. */
export function spanOf(from: string, to: string, now: Date, longestDays: number): Span | null {
  const [first, last] = [new Date(`${from}T00:00`), new Date(`${to}T00:00`)];
  if (Number.isNaN(first.getTime()) || Number.isNaN(last.getTime())) return null;
  const starts = from === dayOf(now) ? now : first;
  const ends = daysLater(last, 1);
  if (from < dayOf(now) || ends <= starts || ends > daysLater(starts, longestDays + 1)) return null;
  return { startsAt: starts.toISOString(), endsAt: ends.toISOString() };
}

/** The last day of a span that ends with a day: an end at midnight belongs to the day before. */
export function lastDay(endsAt: string): string {
  return new Date(Date.parse(endsAt) - 1_000).toISOString();
}
