import { useEffect, useRef } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useAnnounce } from '../../ui/Announcer.tsx';
import { useRead } from '../../ui/client.tsx';

/** How many messages came between two looks at the inbox: unread ones that it didn't hold, and that nobody here put there. */
export function arrived(before: Counts, now: Counts): number {
  if (before.total === null || now.total === null || now.pending > 0) return 0;
  return Math.max(0, Math.min(now.total - before.total, now.unread - before.unread));
}

export interface Counts {
  readonly total: number | null;
  readonly unread: number;
  /** Changes of one's own that the server hasn't confirmed. */
  readonly pending: number;
}

/** Says that mail has come to who listens to the screen; who looks at it sees the list move. */
export function useArrivalsSaid(): void {
  const { words } = useLanguage();
  const announce = useAnnounce();
  const inbox = useRead((store) => {
    const me = store.me();
    return me === null ? null : (store.mailboxes(me.account).find(({ role }) => role === 'inbox') ?? null);
  });
  const pending = useRead((store) => store.pending());
  const now: Counts = { total: inbox?.total ?? null, unread: inbox?.unread ?? 0, pending };
  const before = useRef(now);
  useEffect(() => {
    const count = arrived(before.current, now);
    before.current = now;
    if (count > 0) announce(words.list.arrived(count));
  });
}
