/** Zones that a calendar names and doesn't describe. */

import { WINDOWS_ZONES } from './windows-zones.ts';

/** The instant of « 2026-12-01T09:00:00 » on the clocks of ZONE; null for a zone that nobody knows, neither the browser nor Windows. */
export function instantIn(wall: string, zone: string): string | null {
  const wanted = Date.parse(`${wall.slice(0, 19)}Z`);
  const clocks = clocksOf(zone);
  if (Number.isNaN(wanted) || clocks === null) return null;
  // Twice: the first guess may stand on the other side of a change of clocks.
  let instant = wanted;
  for (let round = 0; round < 2; round += 1) instant += wanted - shownAt(clocks, instant);
  return new Date(instant).toISOString();
}

/** Outlook and Exchange say « Romance Standard Time »; others put their own name before, « /mozilla.org/20070129_1/Europe/Paris ». */
function clocksOf(zone: string): Intl.DateTimeFormat | null {
  const windows = Object.hasOwn(WINDOWS_ZONES, zone.toLowerCase()) ? WINDOWS_ZONES[zone.toLowerCase()] : undefined;
  const parts = zone.startsWith('/') ? zone.split('/') : [];
  const names = parts.length === 0 ? [windows ?? zone] : [parts.slice(-3).join('/'), parts.slice(-2).join('/')];
  return names.map(known).find((clocks) => clocks !== null) ?? null;
}

function known(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    });
  } catch {
    return null;
  }
}

/** What clocks show at INSTANT, as if it were universal time. */
function shownAt(clocks: Intl.DateTimeFormat, instant: number): number {
  const part = Object.fromEntries(clocks.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
