import { useCallback, useEffect, useState } from 'react';

import { useClient } from '../../ui/client.tsx';
import { ask, askJson } from '../../wire/http.ts';
import { problemOf, type Problem } from '../../wire/problems.ts';

export interface Notification {
  readonly id: string;
  readonly service: string;
  readonly title: string;
  readonly text: string;
  readonly link: string;
  readonly at: string;
  readonly read: boolean;
}

export interface Told {
  readonly unread: number;
  readonly notifications: readonly Notification[];
}

interface Acts {
  readonly read: () => void;
  readonly remove: (ids: readonly string[]) => void;
  readonly look: () => Promise<void>;
}

/** What is known of it, and why it may not be all. */
type Known = readonly [told: Told | null, problem: Problem | null, acts: Acts];

/** What one was told; null as long as it couldn't be asked. Follows without asking again and again. */
export function useTold(): Known {
  const { services } = useClient();
  const [told, setTold] = useState<Told | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const look = useCallback(async (): Promise<void> => {
    try {
      setTold(await askJson<Told>(services.road, '/api/notifications', { background: true }));
      setProblem(null);
    } catch (caught) {
      setProblem(problemOf(caught));
    }
  }, [services]);
  useEffect(() => {
    // `ready` comes with every stream, after a silence too.
    const ends = [services.live.hear('notifications', () => void look()), services.live.hear('ready', () => void look())];
    void look();
    return () => ends.forEach((end) => end());
  }, [services, look]);

  const change = (act: 'read' | 'removed', ids: readonly string[], seen: Told): void => {
    if (ids.length === 0) return;
    setTold(seen);
    void ask(services.road, `/api/notifications/${act}`, { method: 'POST', body: { ids } }).catch((caught: unknown) =>
      look().then(() => setProblem(problemOf(caught))),
    );
  };
  const read = (): void => {
    if (told === null) return;
    const fresh = told.notifications.filter((one) => !one.read).map((one) => one.id);
    change('read', fresh, { ...told, unread: Math.max(0, told.unread - fresh.length) });
  };
  const remove = (ids: readonly string[]): void => {
    if (told === null) return;
    const left = told.notifications.filter((one) => !ids.includes(one.id));
    change('removed', ids, { ...told, notifications: left });
  };
  return [told, problem, { read, remove, look }];
}

/** The host that a link leads to; null for what we don't follow, whatever the server said. */
export function hostOf(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const { protocol, host, username, password } = new URL(link);
  return protocol === 'https:' && username === '' && password === '' ? host : null;
}
