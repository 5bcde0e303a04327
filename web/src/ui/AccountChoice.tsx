import { useId } from 'react';

import type { AccountId } from '../store/types.ts';
import { useRead } from './client.tsx';

interface Props {
  readonly label: string;
  readonly account: AccountId;
  readonly onChange: (account: AccountId) => void;
  readonly className?: string;
}

/** Which mailbox, where one may put things into several. */
export function AccountChoice({ label, account, onChange, className }: Props) {
  const accounts = useRead((store) => store.accounts());
  const field = useId();
  const open = accounts.filter(({ readOnly }) => !readOnly);
  if (open.length < 2) return null;
  return (
    <div className={className}>
      <label className="label" htmlFor={field}>
        {label}
      </label>
      <select id={field} className="input" value={account} onChange={(event) => onChange(event.target.value as AccountId)}>
        {open.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
