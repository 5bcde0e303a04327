/** Whether this browser tells of new mail: a choice of this browser, as the permission is. */
export interface Alerts {
  readonly desktop: boolean;
  readonly sound: boolean;
  /** Sender and subject; else only that there is a message. */
  readonly details: boolean;
  /** « 19:00 »; both empty: at any time. */
  readonly quietFrom: string;
  readonly quietUntil: string;
  /** Mailboxes of others whose new mail is told too (JMAP accounts). */
  readonly shared: readonly string[];
}

export const SILENT: Alerts = { desktop: false, sound: false, details: true, quietFrom: '', quietUntil: '', shared: [] };

const KEY = 'casier:alerts';
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** What was kept, whatever shape it has. */
export function readAlerts(kept: string | null): Alerts {
  const said = parsed(kept);
  const time = (name: string): string => (typeof said[name] === 'string' && CLOCK.test(said[name]) ? said[name] : '');
  return {
    desktop: said['desktop'] === true,
    sound: said['sound'] === true,
    details: said['details'] !== false,
    quietFrom: time('quietFrom'),
    quietUntil: time('quietUntil'),
    shared: Array.isArray(said['shared']) ? said['shared'].filter((one) => typeof one === 'string') : [],
  };
}

function parsed(kept: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(kept ?? '{}');
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

/** Those of this browser; silent where it keeps nothing. */
export function alertsHere(): Alerts {
  try {
    return readAlerts(localStorage.getItem(KEY));
  } catch {
    return SILENT;
  }
}

export function keepAlerts(alerts: Alerts): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(alerts));
  } catch {
    // Then it holds until the page is closed.
  }
}

/** Whether it is quiet at this time of day; hours may go over midnight. */
export function quiet({ quietFrom, quietUntil }: Alerts, now: Date): boolean {
  if (quietFrom === '' || quietUntil === '' || quietFrom === quietUntil) return false;
  const clock = `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`;
  return quietFrom < quietUntil ? clock >= quietFrom && clock < quietUntil : clock >= quietFrom || clock < quietUntil;
}
