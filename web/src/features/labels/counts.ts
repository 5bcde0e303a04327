import { useEffect, useState } from 'react';

import type { AccountId, MailboxId } from '../../store/types.ts';
import { useClient, useRead } from '../../ui/client.tsx';
import type { Label } from '../../ui/labels.ts';
import { Batch } from '../../wire/batch.ts';
import type { Jmap } from '../../wire/jmap.ts';
import { WireError } from '../../wire/problems.ts';

/** Each count is a search of the whole mailbox for the server: not in the way of the first screen, nor often. */
const AFTER_MS = 4_000;
/** A request holds so many calls (Cyrus allows 50). */
const COUNTED_AT_MOST = 24;

async function countUnread(jmap: Jmap, accountId: AccountId, labels: readonly Label[], hidden: readonly MailboxId[]): Promise<ReadonlyMap<string, number>> {
  const batch = new Batch();
  const calls = labels.slice(0, COUNTED_AT_MOST).map(({ keyword }) => {
    const conditions = [{ inMailboxOtherThan: hidden }, { hasKeyword: keyword }, { notKeyword: '$seen' }];
    const filter = { operator: 'AND', conditions } as const;
    return [keyword, batch.add('Email/query', { accountId, filter, sort: [], collapseThreads: true, limit: 1, calculateTotal: true })] as const;
  });
  const answers = await jmap.send(batch, { background: true });
  return new Map(calls.map(([keyword, call]) => [keyword, answers.of(call).total ?? 0]));
}

/** How many conversations of each label are unread: asked for some seconds after anything about unread mail has changed. */
export function useUnread(account: AccountId, labels: readonly Label[]): ReadonlyMap<string, number> {
  const { services } = useClient();
  const [unread, setUnread] = useState<ReadonlyMap<string, number>>(new Map());
  const hidden = useRead((store) => store.mailboxes(account).filter(({ role }) => role === 'trash' || role === 'junk').map(({ id }) => id).join(' '));
  const changed = useRead((store) => `${store.pending()} ${store.mailboxes(account).reduce((sum, one) => sum + one.unread, 0)}`);
  const keywords = labels.map(({ keyword }) => keyword).join(' ');
  useEffect(() => {
    if (keywords === '' || !changed.startsWith('0 ')) return;
    const timer = setTimeout(() => {
      countUnread(services.jmap, account, labels, hidden.split(' ') as MailboxId[]).then(setUnread, (caught: unknown) => {
        if (!(caught instanceof WireError)) throw caught;
      });
    }, AFTER_MS);
    return () => clearTimeout(timer);
    // The labels are new objects each time; what matters of them are their keywords.
  }, [services, account, keywords, hidden, changed]);
  return unread;
}
