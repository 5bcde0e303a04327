import { useEffect, useState } from 'react';

import { sectionOf } from '../store/choices.ts';
import type { Me } from '../store/types.ts';
import { ask } from '../wire/http.ts';
import type { Road } from '../wire/road.ts';
import { useClient, useRead } from './client.tsx';

/** Away for so long, one comes back to another visit. */
const APART_MS = 30 * 60_000;
/** The first screen comes first. */
const SAVED_AFTER_MS = 8_000;

interface Visit {
  readonly last: string;
  readonly since: string;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** This visit: what came since the one before is new, on whichever device that was. */
export function visitAt(before: Visit, now: Date): Visit {
  const last = now.toISOString();
  const again = before.last !== '' && now.getTime() - Date.parse(before.last) > APART_MS;
  return { last, since: again ? before.last : before.since };
}

/** This visit of each open client, and whether it was told; a folder that is closed and opened again is the same visit. */
const visits = new WeakMap<Road, { visit: Visit; told: boolean }>();

/** A lost word costs nothing: the line stands a visit earlier. */
function save(road: Road, visit: Visit): void {
  void ask(road, '/api/settings/visits', { method: 'PUT', body: visit, background: true }).catch(() => undefined);
}

function savedVisit(me: Me | null): Visit {
  const section = sectionOf(me, 'visits');
  return { last: text(section['last']), since: text(section['since']) };
}

/** The end of the visit before this one; "" when there was none. */
export function useLastVisit(): string {
  const { services } = useClient();
  const { road, now } = services;
  const me = useRead((store) => store.me());
  const [visit, setVisit] = useState(() => visits.get(road)?.visit ?? visitAt(savedVisit(me), now()));
  useEffect(() => {
    const known = visits.get(road);
    const told = known?.told === true && known.visit.since === visit.since;
    const here = { visit, told };
    visits.set(road, here);
    const timer = setTimeout(() => {
      if (!here.told) save(road, visit);
      here.told = true;
    }, SAVED_AFTER_MS);
    const turn = (): void => {
      const left = { ...visit, last: now().toISOString() };
      if (document.visibilityState === 'hidden') {
        visits.set(road, { visit: left, told: true });
        save(road, left);
      } else setVisit(visitAt(visits.get(road)?.visit ?? visit, now()));
    };
    document.addEventListener('visibilitychange', turn);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', turn);
    };
  }, [road, now, visit]);
  return visit.since;
}
