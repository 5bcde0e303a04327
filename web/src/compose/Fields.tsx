import { ChevronDown } from 'lucide-react';
import { useId, useLayoutEffect, useRef, useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { useWords } from '../i18n/words.ts';
import type { Address, Draft, DraftContent, Identity } from '../store/types.ts';
import { useAnnounce } from '../ui/Announcer.tsx';
import { Button } from '../ui/Button.tsx';
import { useCommands, useRead } from '../ui/client.tsx';
import { nameOf } from '../ui/people.ts';
import { withPeople } from './recipients/addresses.ts';
import type { Dragged, FieldName } from './recipients/PersonChip.tsx';
import { RecipientField } from './recipients/RecipientField.tsx';
import { WORDS } from './words.ts';

interface Props {
  readonly draft: Draft;
  readonly autoFocus: boolean;
  readonly missing: boolean;
  readonly onEdit: (change: Partial<DraftContent>) => void;
}

const FIELDS: readonly FieldName[] = ['to', 'cc', 'bcc'];

/** From whom, to whom, about what. Cc and Cci come when asked for. */
export function Fields({ draft, autoFocus, missing, onEdit }: Props) {
  const { compose } = useLanguage().words;
  const more = useWords(WORDS);
  const announce = useAnnounce();
  const { content } = draft;
  const [asked, setAsked] = useState<readonly FieldName[]>([]);
  const [subject, setSubject] = useState(content.subject);
  const [known, setKnown] = useState(content.subject);
  // A template brings a subject along.
  if (content.subject !== known) {
    setKnown(content.subject);
    setSubject(content.subject);
  }
  const id = useId();
  const shown = FIELDS.filter((field) => field === 'to' || asked.includes(field) || content[field].length > 0);
  const ask = (field: FieldName): void => setAsked([...asked, field]);

  const take = ({ draft: from, field, person }: Dragged, to: FieldName): void => {
    if (from === draft.key && field === to) return;
    const left = from === draft.key ? { [field]: content[field].filter(({ email }) => email !== person.email) } : {};
    onEdit({ ...left, [to]: withPeople(content[to], [person]) });
    announce(more.moved(nameOf(person), compose[to]));
  };
  const move = (person: Address, field: FieldName, by: 1 | -1): void => {
    const to = FIELDS[FIELDS.indexOf(field) + by];
    if (to === undefined) return;
    ask(to);
    moved.current = person.email;
    take({ draft: draft.key, field, person }, to);
  };
  // Where it comes to, before the next key: who goes two fields down presses twice.
  const moved = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (moved.current === null) return;
    const chip = document.querySelector<HTMLElement>(`[data-draft="${draft.key}"] [data-chip="${CSS.escape(moved.current)}"]`);
    if (chip === null || chip === document.activeElement) return;
    chip.focus();
    moved.current = null;
  });
  const buttons = (
    <span className="compose-more">
      {!shown.includes('cc') && <Button label={compose.addCc} small onClick={() => ask('cc')} />}
      {!shown.includes('bcc') && <Button label={compose.addBcc} small onClick={() => ask('bcc')} />}
    </span>
  );
  return (
    <div className="compose-fields">
      <Sender draft={draft} />
      {shown.map((field) => (
        <RecipientField
          key={field}
          draft={draft.key}
          field={field}
          label={compose[field]}
          people={content[field]}
          autoFocus={field === 'to' ? autoFocus : asked.at(-1) === field && content[field].length === 0}
          error={field === 'to' && missing ? compose.noRecipient : null}
          end={field === 'to' ? buttons : null}
          onChange={(people) => onEdit({ [field]: people })}
          onTake={(dragged) => take(dragged, field)}
          onMove={(person, by) => move(person, field, by)}
        />
      ))}
      <div className="recipient-line">
        <label className="compose-label" htmlFor={id}>
          {compose.subject}
        </label>
        <input
          id={id}
          className="compose-subject"
          type="text"
          autoComplete="off"
          maxLength={900}
          value={subject}
          onChange={(event) => {
            setSubject(event.target.value);
            onEdit({ subject: event.target.value });
          }}
        />
      </div>
    </div>
  );
}

function same(one: Identity, other: Identity): boolean {
  const behalf = (each: Identity): string => each.sender?.email.toLowerCase() ?? '';
  return one.email.toLowerCase() === other.email.toLowerCase() && behalf(one) === behalf(other);
}

/** Only who may write under several names is asked which. */
function Sender({ draft }: Pick<Props, 'draft'>) {
  const commands = useCommands();
  const { compose } = useLanguage().words;
  const more = useWords(WORDS);
  const identities = useRead((store) => store.me()?.identities ?? NONE);
  const id = useId();
  const chosen = identities.findIndex((one) => same(one, draft.content.from));
  if (identities.length < 2 && chosen >= 0) return null;
  return (
    <div className="recipient-line">
      <label className="compose-label" htmlFor={id}>
        {compose.from}
      </label>
      <select
        id={id}
        className="compose-select"
        value={chosen}
        aria-invalid={chosen < 0}
        onChange={(event) => {
          const from = identities[Number(event.target.value)];
          if (from !== undefined) void commands.run('write-as', { draft: draft.key, from });
        }}
      >
        {chosen < 0 && (
          <option value={-1} disabled>
            {more.noLonger(draft.content.from.email)}
          </option>
        )}
        {identities.map((one, at) => (
          <option key={at} value={at}>
            {one.sender ? more.onBehalf(nameOf(one.sender), nameOf(one)) : nameOf(one)} – {one.email}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden="true" size={18} strokeWidth={1.75} className="select-mark" />
    </div>
  );
}

const NONE: readonly Identity[] = [];
