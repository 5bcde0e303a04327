import { useCallback, useEffect, useState } from 'react';

import { useClient } from '../../ui/client.tsx';
import { ask, askJson } from '../../wire/http.ts';

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
}

/** What one was told; null as long as it couldn't be asked. Follows without asking again and again. */
export function useTold(): readonly [Told | null, Acts] {
  const { services } = useClient();
  const [told, setTold] = useState<Told | null>(null);
  const look = useCallback(async (): Promise<void> => {
    const answer = await askJson<Told>(services.road, '/api/notifications', { background: true }).catch(() => null);
    if (answer !== null) setTold(answer);
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
    void ask(services.road, `/api/notifications/${act}`, { method: 'POST', body: { ids } }).catch(() => look());
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
  return [told, { read, remove }];
}

/** The host that a link leads to; null for what we don't follow, whatever the server said. */
export function hostOf(link: string): string | null {
  if (!URL.canParse(link)) return null;
  const { protocol, host, username, password } = new URL(link);
  return protocol === 'https:' && username === '' && password === '' ? host : null;
}
