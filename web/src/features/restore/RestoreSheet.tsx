import './restore.css';

import { useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { AccountId } from '../../store/types.ts';
import { AccountChoice } from '../../ui/AccountChoice.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { PickAll, PickDone, type Picked, toggled } from '../../ui/Picking.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { Folders } from './Folders.tsx';
import { Line } from './Line.tsx';
import { placeName } from './place.ts';
import type { RestoreProps } from './sheets.ts';
import { type Outcome, type Period, PERIODS, type Restoring, useRestore } from './use-restore.ts';
import { WORDS } from './words.ts';

/** What was deleted for good: looked for by words, brought back to where it was. */
export function RestoreSheet({ me, account: first, text: given, onClose }: RestoreProps & { readonly onClose: () => void }) {
  const words = useWords(WORDS);
  const [account, setAccount] = useState<AccountId>(first ?? me.account);
  const [text, setText] = useState(given ?? '');
  const [period, setPeriod] = useState<Period>('all');
  const [chosen, setChosen] = useState<Picked>(new Set());
  const restoring = useRestore(account, text, period);
  const days = restoring.found?.days ?? null;
  const picked = restoring.found?.messages.filter(({ id }) => chosen.has(id)) ?? [];
  const bring = async (): Promise<void> => {
    if (await restoring.bring(picked)) setChosen(new Set());
  };
  return (
    <Dialog title={words.title} wide onClose={onClose} footer={<Foot restoring={restoring} count={picked.length} bytes={picked.reduce((sum, one) => sum + one.size, 0)} onBring={() => void bring()} />}>
      <div className="restore-asking">
        <AccountChoice label={words.mailbox} account={account} onChange={setAccount} className="restore-account" />
        <label className="restore-words">
          <span className="hidden-words">{words.search}</span>
          <input className="input" type="search" value={text} placeholder={words.search} maxLength={300} autoComplete="off" onChange={(event) => setText(event.target.value)} />
        </label>
        <Periods period={period} days={days} onChange={setPeriod} />
      </div>
      {days !== null && <p className="soft">{words.about(days)}</p>}
      {restoring.outcome !== null && <Done outcome={restoring.outcome} onUndo={() => void restoring.undo()} />}
      <Body account={account} restoring={restoring} text={text} chosen={chosen} onChoose={setChosen} />
    </Dialog>
  );
}

function Periods({ period, days, onChange }: { readonly period: Period; readonly days: number | null; readonly onChange: (period: Period) => void }) {
  const words = useWords(WORDS);
  const labels: Readonly<Record<Period, string>> = { day: words.periods.day, week: words.periods.week, all: words.periods.all(days ?? 30) };
  return (
    <div className="segments restore-periods" role="group" aria-label={words.when}>
      {PERIODS.map((one) => (
        <Button key={one} label={labels[one]} small aria-pressed={one === period} onClick={() => onChange(one)} />
      ))}
    </div>
  );
}

function Done({ outcome, onUndo }: { readonly outcome: Outcome; readonly onUndo: () => void }) {
  const language = useLanguage();
  const words = useWords(WORDS);
  return (
    <PickDone undo={words.undo} onUndo={outcome.kind === 'undone' ? null : onUndo}>
      {saidOf(outcome)}
    </PickDone>
  );

  function saidOf(one: Outcome): string {
    if (one.kind === 'undone') return words.undone;
    if (one.kind === 'folder') return words.folderDone(one.name);
    const came = one.count > 0 ? words.done(one.count, one.folders.map((folder) => placeName(folder, language.words)).join(', ')) : '';
    return `${came} ${one.missing > 0 ? words.missing(one.missing) : ''}`.trim();
  }
}

interface BodyProps {
  readonly account: AccountId;
  readonly restoring: Restoring;
  readonly text: string;
  readonly chosen: Picked;
  readonly onChoose: (chosen: Picked) => void;
}

function Body({ account, restoring, text, chosen, onChoose }: BodyProps) {
  const words = useWords(WORDS);
  const { found, problem, looking } = restoring;
  const trouble = problem !== null && <Trouble what={words.failed} problem={problem} onRetry={restoring.again} />;
  if (found === null) return trouble || <p role="status">{words.looking}</p>;
  const { messages, folders, total } = found;
  if (total === 0 && folders.length === 0) return trouble || <Nothing looking={looking} asked={text.trim() !== ''} days={found.days} />;
  const left = total - messages.length;
  return (
    <div aria-busy={looking}>
      {trouble}
      <Folders folders={folders} working={restoring.working} onBring={(folder) => void restoring.bringFolder(folder)} />
      {total > 0 && (
        <>
          <p className="hidden-words" role="status">
            {words.found(total)}
          </p>
          <PickAll keys={messages.map(({ id }) => id)} picked={chosen} onPick={onChoose}>
            <span>{words.all}</span>
            <span className="soft restore-count">{words.found(total)}</span>
          </PickAll>
          <ul className="picking-list restore-list">
            {messages.map((message) => (
              <Line key={message.id} account={account} message={message} chosen={chosen.has(message.id)} onToggle={() => onChoose(toggled(chosen, message.id))} />
            ))}
          </ul>
        </>
      )}
      {left > 0 && <Button label={words.more(left)} look="outline" disabled={looking} onClick={restoring.more} />}
    </div>
  );
}

function Nothing({ looking, asked, days }: { readonly looking: boolean; readonly asked: boolean; readonly days: number }) {
  const words = useWords(WORDS);
  if (looking) return <p role="status">{words.looking}</p>;
  return <p role="status">{asked ? words.noMatch : words.nothing(days)}</p>;
}

interface FootProps {
  readonly restoring: Restoring;
  readonly count: number;
  readonly bytes: number;
  readonly onBring: () => void;
}

function Foot({ restoring, count, bytes, onBring }: FootProps) {
  const { size } = useLanguage();
  const words = useWords(WORDS);
  return (
    <>
      <span className="soft" aria-live="polite">
        {restoring.working ? words.working : count > 0 ? words.chosen(count, size(bytes)) : ''}
      </span>
      <Button label={words.restore} look="primary" disabled={count === 0 || restoring.working} onClick={onBring} />
    </>
  );
}
