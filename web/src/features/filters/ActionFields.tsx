import { type ReactNode, useId, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Mailbox, Me } from '../../store/types.ts';
import { useRead } from '../../ui/client.tsx';
import { folderName } from '../../ui/folders.ts';
import type { Actions, Redirects } from './rules.ts';
import { labelsOf } from './summary.ts';
import { type FilterWords, WORDS } from './words.ts';

interface Props {
  readonly me: Me;
  readonly actions: Actions;
  readonly redirects: Redirects;
  readonly onChange: (actions: Partial<Actions>) => void;
}

const UNFIT: ReadonlySet<string> = new Set(['drafts', 'snoozed']);

/** Where Sieve finds a folder whose id is gone. */
function pathOf(mailbox: Mailbox, all: readonly Mailbox[]): string {
  const parent = all.find(({ id }) => id === mailbox.parent);
  const name = mailbox.role === 'inbox' ? 'INBOX' : mailbox.name;
  return parent === undefined || parent.role === 'inbox' ? name : `${pathOf(parent, all)}/${name}`;
}

/** What the rule does. */
export function ActionFields({ me, actions, redirects, onChange }: Props) {
  const words = useWords(WORDS);
  const { words: common } = useLanguage();
  const mailboxes = useRead((store) => store.mailboxes(me.account));
  const folders = mailboxes.filter(({ role }) => role === null || !UNFIT.has(role));
  const chooseFolder = (id: string): void => {
    const found = folders.find((folder) => folder.id === id);
    onChange({ folder: found === undefined ? null : { id: found.id, name: pathOf(found, mailboxes) } });
  };
  return (
    <fieldset className="rule-part">
      <legend className="label">{words.then}</legend>
      <Act label={words.file} on={actions.folder !== null} onToggle={(on) => chooseFolder(on ? (folders.find(({ role }) => role === null)?.id ?? folders[0]?.id ?? '') : '')}>
        <select className="input" aria-label={words.chooseFolder} value={actions.folder?.id ?? ''} onChange={(event) => chooseFolder(event.target.value)}>
          {actions.folder !== null && !folders.some(({ id }) => id === actions.folder?.id) && <option value={actions.folder.id}>{actions.folder.name}</option>}
          {folders.map((folder) => (
            <option key={folder.id} value={folder.id}>
              {`${'\u2003'.repeat(folder.depth)}${folderName(folder, common)}`}
            </option>
          ))}
        </select>
      </Act>
      <LabelAct me={me} actions={actions} words={words} onChange={onChange} />
      <Act label={words.markRead} on={actions.markRead} onToggle={(markRead) => onChange({ markRead })} />
      <Act label={words.star} on={actions.star} onToggle={(star) => onChange({ star })} />
      <Act label={words.important} on={actions.important} onToggle={(important) => onChange({ important })} />
      <RedirectAct actions={actions} redirects={redirects} words={words} onChange={onChange} />
      <Act label={words.reply} on={actions.reply !== null} onToggle={(on) => onChange({ reply: on ? '' : null })}>
        <textarea className="input rule-text" autoComplete="off" rows={4} maxLength={10_000} aria-required aria-label={words.reply} placeholder={words.replyHint} value={actions.reply ?? ''} onChange={(event) => onChange({ reply: event.target.value })} />
      </Act>
      <Act label={words.stop} on={actions.stop} onToggle={(stop) => onChange({ stop })} />
    </fieldset>
  );
}

type Part = Pick<Props, 'actions' | 'onChange'> & { readonly words: FilterWords };

/** One's own labels by their names; keywords that are none of them stay. */
function LabelAct({ me, actions, words, onChange }: Part & Pick<Props, 'me'>) {
  const known = labelsOf(me);
  const [open, setOpen] = useState(actions.labels.length > 0);
  const others = actions.labels.filter((keyword) => !known.some((label) => label.keyword === keyword));
  const offered = [...known, ...others.map((keyword) => ({ keyword, name: keyword }))];
  const toggle = (on: boolean): void => {
    setOpen(on);
    if (!on) onChange({ labels: [] });
  };
  const put = (keyword: string, on: boolean): void => onChange({ labels: on ? [...actions.labels, keyword] : actions.labels.filter((each) => each !== keyword) });
  return (
    <Act label={words.label} on={open} onToggle={toggle}>
      {offered.length === 0 && <p className="soft">{words.noLabels}</p>}
      <div className="choice-options">
        {offered.map(({ keyword, name }) => (
          <label key={keyword} className="choice-option">
            <input type="checkbox" checked={actions.labels.includes(keyword)} onChange={(event) => put(keyword, event.target.checked)} />
            {name}
          </label>
        ))}
      </div>
    </Act>
  );
}

function RedirectAct({ actions, redirects, words, onChange }: Part & Pick<Props, 'redirects'>) {
  const hint = useId();
  const [typed, setTyped] = useState(actions.redirect.join(', '));
  const [open, setOpen] = useState(actions.redirect.length > 0);
  const take = (text: string): void => {
    setTyped(text);
    onChange({ redirect: text.split(/[,;\s]+/u).filter((address) => address !== '') });
  };
  const toggle = (on: boolean): void => {
    setOpen(on);
    if (!on) take('');
  };
  if (redirects.scope === 'none') return <p className="soft">{words.noRedirect}</p>;
  const scope = { academy: words.academyOnly, verified: words.verifiedOnly, anywhere: '' }[redirects.scope];
  return (
    <Act label={words.redirect} on={open} onToggle={toggle}>
      <input className="input" aria-required aria-label={words.redirect} aria-describedby={hint} list="redirect-addresses" value={typed} onChange={(event) => take(event.target.value)} />
      <datalist id="redirect-addresses">
        {redirects.addresses.filter(({ verified }) => verified).map(({ address }) => (
          <option key={address} value={address} />
        ))}
      </datalist>
      <p id={hint} className="soft">
        {`${words.redirectHint}. ${scope} ${words.most(redirects.most)}`}
      </p>
      <label className="choice-option">
        <input type="checkbox" checked={actions.keepCopy || actions.folder !== null} disabled={actions.folder !== null} onChange={(event) => onChange({ keepCopy: event.target.checked })} />
        {words.keepCopy}
      </label>
    </Act>
  );
}

interface ActProps {
  readonly label: string;
  readonly on: boolean;
  readonly onToggle: (on: boolean) => void;
  readonly children?: ReactNode;
}

/** One thing to do, with what it needs once it is chosen. */
function Act({ label, on, onToggle, children }: ActProps) {
  return (
    <div className="act">
      <label className="choice-option">
        <input type="checkbox" checked={on} onChange={(event) => onToggle(event.target.checked)} />
        {label}
      </label>
      {on && children !== undefined && <div className="act-more">{children}</div>}
    </div>
  );
}
