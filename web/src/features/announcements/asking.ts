import { ask, askJson } from '../../wire/http.ts';
import type { Services } from '../../commands/types.ts';

export interface Announcement {
  readonly id: string;
  readonly level: 'information' | 'warning' | 'critical';
  readonly french: string;
  readonly english: string;
  readonly endsAt: string | null;
}

export interface Announced {
  readonly announcements: readonly Announcement[];
  /** When another begins or one of these ends. */
  readonly changesAt: string | null;
}

export const NOTHING: Announced = { announcements: [], changesAt: null };

/** A whole academy is told at the same moment: it must not ask at the same moment. */
const SPREAD_MS = 4_000;
/** The longest that a timer of a browser can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Follow what is announced: at once, when one is told of something new, after each break of the stream, and at the
 * moment at which one begins or ends. Nothing is asked in between. Returns how to stop.
 */
export function follow({ road, live, now }: Services, show: (announced: Announced) => void, chance: () => number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let streams = 0;
  const later = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), Math.min(milliseconds, LONGEST_MS));
  };
  const look = async (): Promise<void> => {
    const announced = await askJson<Announced>(road, '/api/announcements', { background: true }).catch(() => null);
    if (stopped || announced === null) return;
    show(announced);
    if (announced.changesAt !== null) later(Math.max(0, Date.parse(announced.changesAt) - now().getTime()) + SPREAD_MS * chance());
  };
  const told = (): void => later(SPREAD_MS * chance());
  const back = (): void => {
    streams += 1;
    if (streams > 1) told();
  };
  const ends = [live.hear('announcements', told), live.hear('ready', back)];
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
    for (const end of ends) end();
  };
}

export async function dismiss({ road }: Services, id: string): Promise<void> {
  await ask(road, `/api/announcements/${encodeURIComponent(id)}/dismissed`, { method: 'PUT', body: {} });
}
