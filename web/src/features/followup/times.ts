/** A moment that is proposed; `at` in local time. */
export interface Choice {
  readonly key: 'evening' | 'tomorrow' | 'monday' | 'week';
  readonly at: Date;
}

const MORNING = 8;
const EVENING = 18;
const MONDAY = 1;

function day(now: Date, days: number, hour: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
}

/** What one means by later: this evening while it is still far, tomorrow, Monday, in a week. */
export function choicesAt(now: Date): readonly Choice[] {
  const evening = day(now, 0, EVENING);
  const toMonday = (MONDAY - now.getDay() + 7) % 7 || 7;
  return [
    ...(evening.getTime() - now.getTime() > 60 * 60_000 ? [{ key: 'evening', at: evening } as const] : []),
    { key: 'tomorrow', at: day(now, 1, MORNING) },
    ...(toMonday > 1 ? [{ key: 'monday', at: day(now, toMonday, MORNING) } as const] : []),
    ...(toMonday < 7 ? [{ key: 'week', at: day(now, 7, MORNING) } as const] : []),
  ];
}

/** As JMAP wants a moment. */
export function utc(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** What a field for date and time begins with: local, without a zone. */
export function localText(date: Date): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
