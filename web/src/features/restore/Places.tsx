import './restore.css';

import { History } from 'lucide-react';

import { useWords } from '../../i18n/words.ts';
import type { ListSpec, MailboxRole, Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useRead } from '../../ui/client.tsx';
import { usePage } from '../../ui/features.tsx';
import { RESTORE } from './sheets.ts';
import { WORDS } from './words.ts';

/** Above what is in the trash: where to look for what is no longer there. */
export function BelowTrash() {
  const words = useWords(WORDS);
  const page = usePage();
  const spec = useRead((store) => store.view().list);
  const trash = useRead((store) => spec !== null && store.mailboxes(spec.account).find(({ id }) => id === spec.mailbox)?.role === 'trash');
  const empty = useRead((store) => spec !== null && store.list(spec).length === 0);
  // What is said of an empty list tells it already.
  if (spec === null || !trash || empty || spec.search !== null) return null;
  return (
    <p className="restore-hint">
      <span>{words.trash}</span>
      <Button icon={History} small label={words.open} onClick={() => page.show(RESTORE, { me: page.me, account: spec.account })} />
    </p>
  );
}

/** Where a search found nothing, or the trash is empty. */
export function BelowNothing({ spec, role }: { readonly spec: ListSpec; readonly role: MailboxRole | null }) {
  const words = useWords(WORDS);
  const page = usePage();
  if (spec.search === null && role !== 'trash') return null;
  // Operators mean nothing there.
  const text = spec.search === null || spec.search.includes(':') ? '' : spec.search;
  return (
    <>
      {spec.search !== null && <p>{words.emptySearch}</p>}
      <Button icon={History} look="outline" label={words.open} onClick={() => page.show(RESTORE, { me: page.me, account: spec.account, text })} />
    </>
  );
}

/** In the settings. */
export function RestorePanel({ me }: { readonly me: Me }) {
  const words = useWords(WORDS);
  const page = usePage();
  return (
    <div className="settings">
      <p className="soft">{words.settingAbout}</p>
      <p>
        <Button icon={History} look="outline" label={words.open} onClick={() => page.show(RESTORE, { me })} />
      </p>
    </div>
  );
}
