import { Download } from 'lucide-react';
import { useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { AccountId, Mailbox, Me } from '../../store/types.ts';
import { AccountChoice } from '../../ui/AccountChoice.tsx';
import { Button } from '../../ui/Button.tsx';
import { useClient, useRead } from '../../ui/client.tsx';
import { pathOf, readablePath } from './paths.ts';
import { beginExport, endExport, type ExportJob, fileOf, type Wanted } from './service.ts';
import type { Known } from './use-jobs.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly me: Me;
  readonly jobs: readonly ExportJob[];
  readonly act: Known['act'];
  /** The only one to take; null: what one ticks. */
  readonly folder: Mailbox | null;
}

/** What goes out: chosen, made in the background, fetched. */
export function Exporting({ me, jobs, act, folder }: Props) {
  const words = useWords(WORDS);
  const live = jobs.find(({ state }) => state === 'waiting' || state === 'working');
  const shown = jobs.filter(({ state }) => state !== 'cancelled' && state !== 'expired').slice(0, 3);
  return (
    <>
      <p className="soft">{words.exportAbout}</p>
      {shown.length > 0 && (
        <ul className="transfer-list">
          {shown.map((one) => (
            <Job key={one.id} one={one} act={act} />
          ))}
        </ul>
      )}
      {live === undefined && <Form me={me} act={act} folder={folder} />}
    </>
  );
}

function Job({ one, act }: { readonly one: ExportJob; readonly act: Known['act'] }) {
  const { longDate } = useLanguage();
  const words = useWords(WORDS);
  const { road } = useClient().services;
  const live = one.state === 'waiting' || one.state === 'working';
  const end = (): void => void act(() => endExport(road, one.id));
  return (
    <li className="transfer-job">
      <div className="transfer-what">
        <span>{words.exportOf(longDate(one.createdAt))}</span>
        <span className="soft" role="status">
          <Standing one={one} />
        </span>
        {one.state === 'working' && <progress className="transfer-bar" max={Math.max(one.total, 1)} value={one.done} aria-label={words.exportTitle} />}
      </div>
      {one.state === 'ready' && (
        <a className="button button-primary" href={fileOf(one)} download>
          <Download aria-hidden="true" size={20} strokeWidth={1.75} />
          <span className="button-word">{words.download}</span>
        </a>
      )}
      {one.state !== 'failed' && <Button label={live ? words.cancel : words.remove} look="outline" onClick={end} />}
    </li>
  );
}

function Standing({ one }: { readonly one: ExportJob }) {
  const { size, longDate } = useLanguage();
  const words = useWords(WORDS);
  switch (one.state) {
    case 'waiting':
      return words.exportWaiting(one.ahead);
    case 'working':
      return words.exportWorking(one.done, one.total);
    case 'ready':
      return `${words.exportReady(one.done, size(one.size))} ${one.expiresAt === null ? '' : words.until(longDate(one.expiresAt))}`;
    case 'failed':
      return `${words.failed} ${words.reason(one.reason)} ${words.again} ${one.reference}`;
    case 'cancelled':
      return words.cancelled;
    case 'expired':
      return words.expired;
  }
}

type Scope = 'all' | 'some' | 'none';

interface More {
  readonly contacts: boolean;
  readonly agendas: boolean;
  readonly mbox: boolean;
  readonly letter: boolean;
}

function wantedOf(accountId: AccountId, scope: Scope | readonly string[], chosen: ReadonlySet<string>, more: More, extras: boolean): Wanted {
  const folders = scope === 'some' ? [...chosen] : typeof scope === 'string' ? null : scope;
  return { accountId, folders, mail: scope !== 'none', ...more, contacts: extras && more.contacts, agendas: extras && more.agendas };
}

const isNothing = ({ folders, mail, contacts, agendas }: Wanted): boolean => (mail ? folders?.length === 0 : !contacts && !agendas);

function Form({ me, act, folder }: Omit<Props, 'jobs'>) {
  const words = useWords(WORDS);
  const { road } = useClient().services;
  const [account, setAccount] = useState<AccountId>(folder?.account ?? me.account);
  const folders = useRead((store) => store.mailboxes(account));
  const [scope, setScope] = useState<Scope>('all');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [more, setMore] = useState<More>({ contacts: folder === null, agendas: folder === null, mbox: false, letter: false });
  const extras = account === me.account && folder === null;
  const wanted = wantedOf(account, folder === null ? scope : [pathOf(folder, folders)], chosen, more, extras);
  return (
    <form
      className="transfer-form"
      onSubmit={(event) => {
        event.preventDefault();
        void act(() => beginExport(road, wanted));
      }}
    >
      {folder === null ? (
        <>
          <AccountChoice label={words.mailbox} account={account} onChange={setAccount} />
          <Scopes scope={scope} onChange={setScope} />
          {scope === 'some' && <Folders folders={folders} chosen={chosen} onChoose={setChosen} />}
        </>
      ) : (
        <FolderName folder={folder} folders={folders} />
      )}
      <fieldset className="transfer-ticks">
        <legend className="hidden-words">{words.what}</legend>
        {extras && <Tick label={words.contacts} on={more.contacts} onChange={(contacts) => setMore({ ...more, contacts })} />}
        {extras && <Tick label={words.agendas} on={more.agendas} onChange={(agendas) => setMore({ ...more, agendas })} />}
        {scope !== 'none' && <Tick label={words.mbox} on={more.mbox} onChange={(mbox) => setMore({ ...more, mbox })} />}
        <Tick label={words.letter} on={more.letter} onChange={(letter) => setMore({ ...more, letter })} />
      </fieldset>
      <Button type="submit" label={words.start} look="primary" disabled={isNothing(wanted)} />
    </form>
  );
}

function FolderName({ folder, folders }: { readonly folder: Mailbox; readonly folders: readonly Mailbox[] }) {
  const language = useLanguage();
  return <p className="transfer-folder">{readablePath(folder, folders, language.words)}</p>;
}

function Scopes({ scope, onChange }: { readonly scope: Scope; readonly onChange: (scope: Scope) => void }) {
  const words = useWords(WORDS);
  const labels: Readonly<Record<Scope, string>> = { all: words.allFolders, some: words.someFolders, none: words.noFolder };
  return (
    <div className="segments transfer-scopes" role="group" aria-label={words.what}>
      {(['all', 'some', 'none'] as const).map((one) => (
        <Button key={one} label={labels[one]} small aria-pressed={one === scope} onClick={() => onChange(one)} />
      ))}
    </div>
  );
}

interface FoldersProps {
  readonly folders: readonly Mailbox[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

function Folders({ folders, chosen, onChoose }: FoldersProps) {
  const language = useLanguage();
  const words = useWords(WORDS);
  return (
    <fieldset className="transfer-folders">
      <legend className="hidden-words">{words.folders}</legend>
      {folders.map((one) => {
        const path = pathOf(one, folders);
        const toggle = (on: boolean): void => onChoose(new Set(on ? [...chosen, path] : [...chosen].filter((each) => each !== path)));
        return <Tick key={one.id} label={readablePath(one, folders, language.words)} on={chosen.has(path)} onChange={toggle} />;
      })}
    </fieldset>
  );
}

export function Tick({ label, on, onChange }: { readonly label: string; readonly on: boolean; readonly onChange: (on: boolean) => void }) {
  return (
    <label className="transfer-tick">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}
