import { useId, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Mailbox } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient, useRead } from '../../ui/client.tsx';
import { Tick } from './Exporting.tsx';
import { pathOf, readablePath } from './paths.ts';
import { Refused } from './Refused.tsx';
import { contentsOf, endImport, type Facts, type ImportJob, startImport } from './service.ts';
import type { Known } from './use-jobs.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly one: ImportJob;
  readonly act: Known['act'];
  readonly folder: Mailbox | null;
}

/** What is in the file, and what is to become of it. */
export function Decision({ one, act, folder }: Props) {
  const words = useWords(WORDS);
  const { road } = useClient().services;
  const folders = useRead((store) => store.mailboxes(one.accountId));
  const [target, setTarget] = useState(folder === null ? '' : pathOf(folder, folders));
  const [doubles, setDoubles] = useState(false);
  const { messages, known, items } = contentsOf(one.found);
  const wanted = messages + items.vcf + items.ics + (doubles ? known : 0);
  return (
    <div className="transfer-decision">
      <h4 className="transfer-name">{words.found(one.name)}</h4>
      <Contents found={one.found} />
      <Refused facts={one.found} />
      {messages + known > 0 && <Target target={target} folders={folders} onChange={setTarget} />}
      {known > 0 && <Tick label={words.doubles} on={doubles} onChange={setDoubles} />}
      <p className="transfer-acts">
        <Button label={words.take} look="primary" disabled={wanted === 0} onClick={() => void act(() => startImport(road, one.id, target === 'INBOX' ? '' : target, doubles))} />
        <Button label={words.cancel} look="outline" onClick={() => void act(() => endImport(road, one.id))} />
      </p>
    </div>
  );
}

function Contents({ found }: { readonly found: Facts }) {
  const { size } = useLanguage();
  const words = useWords(WORDS);
  const { messages, known, octets, items, folders } = contentsOf(found);
  const counted: readonly (readonly [number, string])[] = [
    [messages, words.foundMessages(messages, size(octets))],
    [known, words.foundKnown(known)],
    [items.vcf, words.foundCards(items.vcf)],
    [items.ics, words.foundEvents(items.ics)],
  ];
  const lines = counted.filter(([count]) => count > 0).map(([, line]) => line);
  const names = Object.entries(folders);
  return (
    <>
      <div role="status">
        {lines.length === 0 && <p>{words.nothing}</p>}
        {lines.length > 0 && (
          <ul className="transfer-contents">
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
      </div>
      {names.length > 0 && (
        <p className="soft">
          {names
            .slice(0, 12)
            .map(([name, count]) => `${name} (${count})`)
            .join(', ')}
          {names.length > 12 && '…'}
        </p>
      )}
    </>
  );
}

function Target({ target, folders, onChange }: { readonly target: string; readonly folders: readonly Mailbox[]; readonly onChange: (target: string) => void }) {
  const language = useLanguage();
  const words = useWords(WORDS);
  const field = useId();
  return (
    <p>
      <label className="label" htmlFor={field}>
        {words.folder}
      </label>
      <select id={field} className="input" value={target} onChange={(event) => onChange(event.target.value)}>
        <option value="">{words.ownFolders}</option>
        {folders
          .filter(({ role }) => role !== 'inbox')
          .map((one) => (
            <option key={one.id} value={pathOf(one, folders)}>
              {words.below(readablePath(one, folders, language.words))}
            </option>
          ))}
      </select>
    </p>
  );
}
