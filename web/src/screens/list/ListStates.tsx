import { Archive, Clock, Inbox, MailOpen, PenLine, Search, Send, ShieldCheck, Star, Trash2 } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

import { useLanguage, type Words } from '../../i18n/index.tsx';
import type { ListSpec, ListView, MailboxRole } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands } from '../../ui/client.tsx';
import { Slot } from '../../ui/features.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { UNKNOWN } from '../../wire/problems.ts';

/** The shape of rows that are on their way. */
export function ListSkeleton({ rows }: { readonly rows: number }) {
  return (
    <div className="skeleton-list" aria-hidden="true">
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className="skeleton-row">
          <span className="skeleton" style={{ width: `${34 + ((at * 17) % 30)}%` }} />
          <span className="skeleton" style={{ width: `${62 + ((at * 23) % 34)}%` }} />
        </div>
      ))}
    </div>
  );
}

/** A list that didn't come; as a box: the rest of one. */
export function ListFailed({ view, look = 'page' }: { readonly view: ListView; readonly look?: 'page' | 'box' }) {
  const { words } = useLanguage();
  const commands = useCommands();
  return <Trouble look={look} what={look === 'page' ? words.list.failed : words.list.restFailed} problem={view.problem ?? UNKNOWN} onRetry={() => commands.run('refresh', {})} />;
}

interface Empty {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly more?: string;
  readonly act?: 'show-all' | 'search-all';
}

function emptyOf(spec: ListSpec, role: MailboxRole | null, words: Words): Empty {
  const { list } = words;
  if (spec.search !== null && spec.mailbox !== null) {
    return { icon: Search, title: list.emptySearch, more: list.emptySearchHere, act: 'search-all' };
  }
  if (spec.search !== null) return { icon: Search, title: list.emptySearch, more: list.emptySearchMore };
  if (spec.only === 'unread') {
    return { icon: MailOpen, title: list.emptyUnread, more: list.emptyFiltered, act: 'show-all' };
  }
  if (spec.only === 'starred') return { icon: Star, title: list.emptyStarred, more: list.emptyStarredMore, act: 'show-all' };
  return emptyFolder(role, words);
}

function emptyFolder(role: MailboxRole | null, words: Words): Empty {
  const { list } = words;
  switch (role) {
    case 'inbox':
      return { icon: Inbox, title: list.emptyInbox, more: list.emptyInboxMore };
    case 'drafts':
      return { icon: PenLine, title: list.emptyDrafts, more: list.emptyDraftsMore };
    case 'sent':
      return { icon: Send, title: list.emptySent };
    case 'snoozed':
      return { icon: Clock, title: list.emptySnoozed, more: list.emptySnoozedMore };
    case 'junk':
      return { icon: ShieldCheck, title: list.emptyJunk };
    case 'trash':
      return { icon: Trash2, title: list.emptyTrash };
    case 'archive':
    case null:
      return { icon: Archive, title: list.emptyFolder, more: list.emptyFolderMore };
  }
}

export function ListEmpty({ spec, role }: { readonly spec: ListSpec; readonly role: MailboxRole | null }) {
  const { words } = useLanguage();
  const commands = useCommands();
  const empty = emptyOf(spec, role, words);
  const Icon = empty.icon;
  return (
    <div className="empty">
      <Icon aria-hidden="true" size={28} strokeWidth={1.5} />
      <p className="empty-title">{empty.title}</p>
      {empty.more !== undefined && <p>{empty.more}</p>}
      {empty.act === 'show-all' && (
        <Button
          label={words.list.showAll}
          look="outline"
          onClick={() => void commands.run('filter', { only: 'all' })}
        />
      )}
      {empty.act === 'search-all' && (
        <Button
          label={words.list.searchEverywhere}
          look="outline"
          onClick={() => void commands.run('search', { text: spec.search ?? '', everywhere: true })}
        />
      )}
      <Slot name="ListEmpty" with={{ spec, role }} />
    </div>
  );
}
