import { Trash2 } from 'lucide-react';
import { useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import type { MailboxRole } from '../store/types.ts';
import { Button } from '../ui/Button.tsx';
import { useCommands } from '../ui/client.tsx';
import { Confirm } from './Confirm.tsx';

interface Props {
  readonly role: MailboxRole | null;
  readonly count: number;
  readonly wordless?: boolean;
}

/** To the trash at once, with a way back; from the trash only after a question, since nothing brings it back here. */
export function DeleteButton({ role, count, wordless }: Props) {
  const { actions } = useLanguage().words;
  const commands = useCommands();
  const [asking, setAsking] = useState(false);
  const final = role === 'trash';
  const label = final ? actions.destroy : actions.delete;
  return (
    <>
      <Button
        icon={Trash2}
        label={label}
        act="delete"
        data-act={final ? 'destroy' : 'delete'}
        {...(wordless === undefined ? {} : { wordless })}
        onClick={() => (final ? setAsking(true) : void commands.run('delete', {}))}
      />
      {asking && (
        <Confirm
          title={actions.destroy}
          text={actions.destroyAsk(count)}
          yes={actions.destroy}
          danger
          onYes={() => void commands.run('destroy', {})}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
