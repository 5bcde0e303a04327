import { useId } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { AccountId } from '../../store/types.ts';
import { useRead } from '../../ui/client.tsx';
import { WORDS } from './words.ts';

/** Which mailbox, where one may file into several. */
export function Accounts({ account, onChange }: { readonly account: AccountId; readonly onChange: (account: AccountId) => void }) {
  const words = useWords(WORDS);
  const accounts = useRead((store) => store.accounts());
  const field = useId();
  const open = accounts.filter(({ readOnly }) => !readOnly);
  if (open.length < 2) return null;
  return (
    <p>
      <label className="label" htmlFor={field}>
        {words.mailbox}
      </label>
      <select id={field} className="input" value={account} onChange={(event) => onChange(event.target.value as AccountId)}>
        {open.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </p>
  );
}
