import { useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Address } from '../../store/types.ts';
import type { ApiSend } from '../../wire/api.ts';
import { Batch } from '../../wire/batch.ts';
import { useAnnounce } from '../../ui/Announcer.tsx';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { usePage } from '../../ui/features.tsx';
import { nameOf } from '../../ui/people.ts';
import { Trouble } from '../../ui/Trouble.tsx';
import { MomentDialog } from './MomentDialog.tsx';
import { useSends } from './sends.ts';
import { WORDS } from './words.ts';

interface Told {
  readonly subject: string;
  readonly to: readonly Address[];
}

/** What the messages say: the queue knows only their numbers. */
function useTold(rows: readonly ApiSend[]): ReadonlyMap<string, Told> {
  const { services } = useClient();
  const [told, setTold] = useState<ReadonlyMap<string, Told>>(new Map());
  useEffect(() => {
    const batch = new Batch();
    const calls = [...Map.groupBy(rows, ({ accountId }) => accountId)].map(([accountId, own]) =>
      batch.add('Email/get', { accountId, ids: own.map(({ emailId }) => emailId), properties: ['id', 'subject', 'to'] }),
    );
    if (calls.length === 0) return;
    void services.jmap.send(batch, { background: true }).then(
      (answers) => setTold(new Map(calls.flatMap((call) => answers.of(call).list).map(({ id, subject, to }) => [id, { subject: subject ?? '', to: to ?? [] }]))),
      () => undefined,
    );
  }, [rows, services]);
  return told;
}

/** The messages that wait for their time, in the order in which they leave. */
export function WaitingSheet({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(WORDS);
  const { me } = usePage();
  const sends = useSends(me);
  // Unless one comes to read why something failed.
  useEffect(() => {
    if (sends.problem === null) void sends.refresh();
  }, [sends]);
  const told = useTold(sends.rows);
  const rows = sends.rows.toSorted((one, other) => (one.dueAt < other.dueAt ? -1 : 1));
  // Noted by whoever closes the sheet.
  const close = (): void => {
    sends.tell(null);
    onClose();
  };
  return (
    <Dialog title={words.waiting} onClose={close} wide>
      {sends.problem === null && rows.length === 0 && <p>{words.none}</p>}
      {sends.problem !== null && <Trouble what={words.failed} problem={sends.problem} onRetry={() => sends.refresh()} />}
      <ul className="waiting">
        {rows.map((row) => (
          <WaitingMessage key={row.id} row={row} told={told.get(row.emailId)} onClose={close} />
        ))}
      </ul>
    </Dialog>
  );
}

function Says({ row, told }: { readonly row: ApiSend; readonly told: Told | undefined }) {
  const words = useWords(WORDS);
  const { longDate } = useLanguage();
  const subject = told?.subject ?? '';
  return (
    <>
      <p className="waiting-subject">{subject === '' ? words.noSubject : subject}</p>
      {told !== undefined && told.to.length > 0 && <p className="soft">{words.to(told.to.map(nameOf).join(', '))}</p>}
      {row.state === 'refused' ? (
        <div className="waiting-refused">
          <Trouble look="line" quiet what={words.refused} problem={{ kind: 'refused', code: 'SEND', detail: row.reason, reference: row.reference }} />
        </div>
      ) : (
        <p>{words.leaves(longDate(row.dueAt))}</p>
      )}
    </>
  );
}

interface Props {
  readonly row: ApiSend;
  readonly told: Told | undefined;
  readonly onClose: () => void;
}

function WaitingMessage({ row, told, onClose }: Props) {
  const words = useWords(WORDS);
  const page = usePage();
  const announce = useAnnounce();
  const sends = useSends(page.me);
  const [changing, setChanging] = useState(false);
  const refused = row.state === 'refused';
  const open = (): void => {
    if (refused) void sends.change((api) => api.cancelSend(row.id));
    void page.commands.run('edit-draft', { account: row.accountId, email: row.emailId });
    onClose();
  };
  const drop = (): void => {
    void sends.change((api) => api.cancelSend(row.id)).then((done) => done && announce(words.stopped));
  };
  const at = (moment: Date): void => {
    setChanging(false);
    void sends.change((api) => api.reschedule(row.id, moment.toISOString()));
  };
  return (
    <li className="waiting-message">
      <Says row={row} told={told} />
      <p className="waiting-acts">
        <Button label={refused ? words.open : words.edit} small look="outline" onClick={open} />
        {!refused && <Button label={words.change} small onClick={() => setChanging(true)} />}
        {!refused && <Button label={words.now} small onClick={() => at(new Date())} />}
        <Button label={refused ? words.noted : words.stop} small onClick={drop} />
      </p>
      {changing && <MomentDialog start={new Date(row.dueAt)} now={page.services.now()} onChosen={at} onClose={() => setChanging(false)} />}
    </li>
  );
}
