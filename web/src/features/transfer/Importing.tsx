import { Upload } from 'lucide-react';
import { useRef, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { AccountId, Mailbox, Me } from '../../store/types.ts';
import { AccountChoice } from '../../ui/AccountChoice.tsx';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Decision } from './Decision.tsx';
import { Refused } from './Refused.tsx';
import { contentsOf, endImport, type ImportJob, PIECE_BYTES, undoImport, UPLOADS } from './service.ts';
import type { Known } from './use-jobs.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly me: Me;
  readonly jobs: readonly ImportJob[];
  readonly most: number;
  readonly act: Known['act'];
  /** Where to put what comes; null: one chooses. */
  readonly folder: Mailbox | null;
}

const OPEN: readonly ImportJob['state'][] = ['coming', 'looking', 'looked', 'waiting', 'working', 'undoing'];
const FORMS = '.eml,.mbox,.mbx,.zip,.vcf,.ics,.txt,message/rfc822,application/zip,text/vcard,text/calendar';

/** What comes in: sent, looked through, decided upon, taken in. */
export function Importing({ me, jobs, most, act, folder }: Props) {
  const words = useWords(WORDS);
  const sending = useSending(act);
  const open = jobs.find(({ state }) => OPEN.includes(state));
  const ended = jobs.filter(({ state, canUndo }) => !OPEN.includes(state) && (state !== 'cancelled' || canUndo)).slice(0, 3);
  return (
    <>
      <p className="soft">{words.importAbout}</p>
      {sending.progress !== null && <Sending progress={sending.progress} onStop={sending.stop} />}
      {sending.progress === null && open !== undefined && <Job one={open} act={act} folder={folder} />}
      {sending.progress === null && open === undefined && <Choice me={me} most={most} folder={folder} onFile={sending.start} />}
      {ended.length > 0 && (
        <ul className="transfer-list">
          {ended.map((one) => (
            <Ended key={one.id} one={one} act={act} />
          ))}
        </ul>
      )}
    </>
  );
}

interface Progress {
  readonly sent: number;
  readonly size: number;
}

function useSending(act: Known['act']) {
  const { road } = useClient().services;
  const [progress, setProgress] = useState<Progress | null>(null);
  const stop = useRef<AbortController | null>(null);
  const start = async (file: File, account: AccountId): Promise<void> => {
    const abort = new AbortController();
    stop.current = abort;
    setProgress({ sent: 0, size: file.size });
    const journey = road.journey(UPLOADS, file, { bytes: PIECE_BYTES, metadata: { filename: file.name, account } });
    await act(async () => {
      try {
        await journey.run(abort.signal, (sent) => setProgress({ sent, size: file.size }));
      } catch (caught) {
        if (!abort.signal.aborted) throw caught;
      }
    });
    setProgress(null);
  };
  return { progress, start, stop: () => stop.current?.abort() };
}

function Sending({ progress, onStop }: { readonly progress: Progress; readonly onStop: () => void }) {
  const { size } = useLanguage();
  const words = useWords(WORDS);
  return (
    <div className="transfer-job">
      <div className="transfer-what">
        <span role="status">{words.sending(size(progress.sent), size(progress.size))}</span>
        <progress className="transfer-bar" max={Math.max(progress.size, 1)} value={progress.sent} aria-label={words.importTitle} />
      </div>
      <Button label={words.cancel} look="outline" onClick={onStop} />
    </div>
  );
}

interface ChoiceProps {
  readonly me: Me;
  readonly most: number;
  readonly folder: Mailbox | null;
  readonly onFile: (file: File, account: AccountId) => Promise<void>;
}

function Choice({ me, most, folder, onFile }: ChoiceProps) {
  const { size } = useLanguage();
  const words = useWords(WORDS);
  const [account, setAccount] = useState<AccountId>(folder?.account ?? me.account);
  const field = useRef<HTMLInputElement>(null);
  return (
    <div className="transfer-form">
      {folder === null && <AccountChoice label={words.mailbox} account={account} onChange={setAccount} />}
      <input
        ref={field}
        type="file"
        hidden
        accept={FORMS}
        aria-label={words.choose}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file !== undefined) void onFile(file, account);
        }}
      />
      <p className="transfer-choose">
        <Button icon={Upload} label={words.choose} look="outline" onClick={() => field.current?.click()} />
        <span className="soft">{words.limit(size(most))}</span>
      </p>
    </div>
  );
}

interface JobProps {
  readonly one: ImportJob;
  readonly act: Known['act'];
}

function Job({ one, act, folder }: JobProps & { readonly folder: Mailbox | null }) {
  const words = useWords(WORDS);
  const { road } = useClient().services;
  if (one.state === 'looked') return <Decision one={one} act={act} folder={folder} />;
  const total = contentsOf(one.found).messages;
  const said: Readonly<Record<string, string>> = { looking: words.looking(one.done), waiting: words.waiting, working: words.working(one.done, total), undoing: words.undoing };
  return (
    <div className="transfer-job">
      <div className="transfer-what">
        <span>{one.name}</span>
        <span className="soft" role="status">
          {said[one.state] ?? words.waiting}
        </span>
        {one.state === 'working' && <progress className="transfer-bar" max={Math.max(total, 1)} value={Math.min(one.done, total)} aria-label={words.importTitle} />}
      </div>
      {one.state !== 'undoing' && <Button label={words.cancel} look="outline" onClick={() => void act(() => endImport(road, one.id))} />}
    </div>
  );
}

function Ended({ one, act }: JobProps) {
  const { longDate } = useLanguage();
  const words = useWords(WORDS);
  const { road } = useClient().services;
  return (
    <li>
      <div className="transfer-job">
        <div className="transfer-what">
          <span>{words.importOf(one.name, longDate(one.createdAt))}</span>
          <span className="soft" role="status">
            <Outcome one={one} />
          </span>
        </div>
        {one.canUndo && <Button label={words.undo} look="outline" onClick={() => void act(() => undoImport(road, one.id))} />}
      </div>
      <Refused facts={one.report} />
    </li>
  );
}

function Outcome({ one }: { readonly one: ImportJob }) {
  const words = useWords(WORDS);
  const { messages, known, items } = contentsOf(one.report);
  if (one.state === 'undone') return words.undone;
  if (one.state === 'cancelled') return words.stopped;
  if (one.state === 'failed') return `${words.failed} ${words.reason(one.reason)} ${words.again} ${one.reference}`;
  const there = known + (items.known ?? 0);
  const lines: readonly (readonly [number, string])[] = [
    [messages, words.done(messages)],
    [items.vcf, words.doneCards(items.vcf)],
    [items.ics, words.doneEvents(items.ics)],
    [there, words.doneKnown(there)],
  ];
  const told = lines.filter(([count]) => count > 0).map(([, line]) => line);
  return `${told.length === 0 ? words.done(0) : told.join(', ')}.`;
}
