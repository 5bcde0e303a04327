/** Whether answers go out today, by the section `absence` of what a person chose; days are those of the calendar here. */
export function isAway(absence: unknown, now: Date): boolean {
  if (typeof absence !== 'object' || absence === null) return false;
  const { on, start, end } = absence as { readonly on?: boolean; readonly start?: string | null; readonly end?: string | null };
  const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  return on === true && (start ?? today) <= today && today <= (end ?? today);
}

/** A day in words; the first of a month is « 1er » in French. */
export function dayText(day: string, locale: string): string {
  const text = new Date(`${day}T12:00:00`).toLocaleDateString(locale, { day: 'numeric', month: 'long' });
  return locale === 'fr' ? text.replace(/^1 /u, '1er ') : text;
}
