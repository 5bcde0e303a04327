import { ChevronDown } from 'lucide-react';
import { useId, useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import type { Address, Draft, DraftContent } from '../store/types.ts';
import { Button } from '../ui/Button.tsx';
import { useRead } from '../ui/client.tsx';
import { nameOf } from '../ui/people.ts';
import { RecipientField } from './RecipientField.tsx';

interface Props {
  readonly draft: Draft;
  readonly autoFocus: boolean;
  readonly missing: boolean;
  readonly onEdit: (change: Partial<DraftContent>) => void;
}

/** From whom, to whom, about what. Cc and Cci come when asked for. */
export function Fields({ draft, autoFocus, missing, onEdit }: Props) {
  const { compose } = useLanguage().words;
  const { content } = draft;
  const [cc, setCc] = useState(content.cc.length > 0);
  const [bcc, setBcc] = useState(content.bcc.length > 0);
  const [subject, setSubject] = useState(content.subject);
  const id = useId();
  const more = (
    <span className="compose-more">
      {!cc && <Button label={compose.addCc} small onClick={() => setCc(true)} />}
      {!bcc && <Button label={compose.addBcc} small onClick={() => setBcc(true)} />}
    </span>
  );
  return (
    <div className="compose-fields">
      <Sender draft={draft} onEdit={onEdit} />
      <RecipientField
        label={compose.to}
        people={content.to}
        autoFocus={autoFocus}
        error={missing ? compose.noRecipient : null}
        end={more}
        onChange={(to) => onEdit({ to })}
      />
      {cc && (
        <RecipientField label={compose.cc} people={content.cc} autoFocus={content.cc.length === 0} onChange={(people) => onEdit({ cc: people })} />
      )}
      {bcc && (
        <RecipientField label={compose.bcc} people={content.bcc} autoFocus={content.bcc.length === 0} onChange={(people) => onEdit({ bcc: people })} />
      )}
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

function same(one: Address, other: Address): boolean {
  return one.email.toLowerCase() === other.email.toLowerCase();
}

/** Only who may write under several names is asked which. */
function Sender({ draft, onEdit }: Pick<Props, 'draft' | 'onEdit'>) {
  const { compose } = useLanguage().words;
  const identities = useRead((store) => store.me()?.identities ?? NONE);
  const id = useId();
  if (identities.length < 2) return null;
  return (
    <div className="recipient-line">
      <label className="compose-label" htmlFor={id}>
        {compose.from}
      </label>
      <select
        id={id}
        className="compose-select"
        value={identities.findIndex((one) => same(one, draft.content.from))}
        onChange={(event) => {
          const from = identities[Number(event.target.value)];
          if (from !== undefined) onEdit({ from });
        }}
      >
        {identities.map((one, at) => (
          <option key={one.email} value={at}>
            {nameOf(one)} – {one.email}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden="true" size={18} strokeWidth={1.75} className="select-mark" />
    </div>
  );
}

const NONE: readonly Address[] = [];
