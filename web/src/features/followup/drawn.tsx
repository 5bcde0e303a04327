import './followup.css';

import { Clock, Pin } from 'lucide-react';
import { useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { ConversationView, Row } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient, useRead } from '../../ui/client.tsx';
import { sheet, usePage } from '../../ui/features.tsx';
import { Batch } from '../../wire/batch.ts';
import { CYRUS_MAIL } from '../../wire/jmap.ts';
import { WireError } from '../../wire/problems.ts';
import { moreWords } from './more-words.ts';
import { words } from './words.ts';

const Later = sheet<object>(() => import('./LaterSheet.tsx').then((module) => module.LaterSheet));

export function RowPin({ row }: { readonly row: Row }) {
  const { isPinned } = useWords(words);
  return row.keywords.includes('$pinned') ? <Pin size={15} className="row-pin" role="img" aria-label={isPinned} /> : null;
}

/** Of a conversation that waits: when it comes back. The row doesn't know: it would cost each row of each list. */
export function WaitingUntil({ view }: { readonly view: ConversationView }) {
  const waiting = useRead((store) => store.mailboxes(view.account).find(({ role }) => role === 'snoozed')?.id);
  const email = view.messages.find(({ mailboxes }) => waiting !== undefined && mailboxes.includes(waiting));
  return email === undefined ? null : <Until key={email.id} view={view} email={email.id} />;
}

function Until({ view, email }: { readonly view: ConversationView; readonly email: ConversationView['messages'][number]['id'] }) {
  const language = useLanguage();
  const text = useWords(words);
  const more = useWords(moreWords);
  const page = usePage();
  const { services, commands } = useClient();
  const pending = useRead((store) => store.pending());
  const [until, setUntil] = useState<string | null>(null);
  useEffect(() => {
    if (pending > 0) return;
    const batch = new Batch();
    batch.using.push(CYRUS_MAIL);
    const call = batch.add('Email/get', { accountId: view.account, ids: [email], properties: ['id', 'snoozed'] });
    services.jmap.send(batch, { background: true }).then(
      (answers) => setUntil((answers.of(call).list[0] as { readonly snoozed?: { readonly until: string } | null } | undefined)?.snoozed?.until ?? null),
      (caught: unknown) => {
        if (!(caught instanceof WireError)) throw caught;
      },
    );
  }, [services, view.account, email, pending]);
  if (until === null) return null;
  return (
    <p className="waiting-line" role="note">
      <Clock aria-hidden="true" size={18} strokeWidth={1.75} />
      <span>{more.until(language.longDate(until))}</span>
      <Button label={more.change} small look="outline" onClick={() => page.show(Later, {})} />
      <Button label={text.now} small look="outline" onClick={() => void commands.run('bring-back', { text: text.back })} />
    </p>
  );
}
