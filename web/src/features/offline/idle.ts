/** When the page looks whether somebody is there; a page in the background is woken less often. */
export const TICK_MS = 5_000;
/** The server is told that somebody is there at most this often. */
export const TELL_MS = 20_000;

export interface Terms {
  readonly idleSeconds: number;
  readonly warningSeconds: number;
}

export type Idleness = { readonly kind: 'here' } | { readonly kind: 'warned'; readonly until: number } | { readonly kind: 'gone' };

/** What it means that nobody has done anything since LAST. */
export function idleness({ idleSeconds, warningSeconds }: Terms, last: number, now: number): Idleness {
  const until = last + idleSeconds * 1_000;
  if (now >= until) return { kind: 'gone' };
  // A short session has a short warning: not most of it.
  const warning = Math.min(warningSeconds, idleSeconds / 3);
  return now >= until - warning * 1_000 ? { kind: 'warned', until } : { kind: 'here' };
}

/** « 1 min 20 s », as a clock that runs down. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes === 0) return `${rest}\u00a0s`;
  return rest === 0 ? `${minutes}\u00a0min` : `${minutes}\u00a0min ${rest}\u00a0s`;
}
