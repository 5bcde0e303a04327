import { useEffect, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Me, Message } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { Batch } from '../../wire/batch.ts';
import { freshId } from './FiltersPanel.tsx';
import { Refusal } from './Refusal.tsx';
import { conditionFor, newRule, type Rule } from './rules.ts';
import { RuleForm } from './RuleForm.tsx';
import { useFilters } from './use-filters.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly me: Me;
  /** The message from which to begin; null begins with nothing. */
  readonly message: Message | null;
  readonly onClose: () => void;
}

/** A new rule over the page, filled from a message. */
export function RuleSheet({ me, message, onClose }: Props) {
  const words = useWords(WORDS);
  const { filters, problem, busy, load, save } = useFilters();
  const rule = useFirstRule(message);
  const keep = async (made: Rule): Promise<void> => {
    if (await save({ items: [...(filters?.items ?? []), made] })) onClose();
  };
  return (
    <Dialog title={words.create} onClose={onClose} wide>
      {filters === null && problem !== null && <Trouble what={words.unread} problem={problem} onRetry={load} />}
      {(filters === null ? problem === null : rule === null) && <p className="soft">{words.loading}</p>}
      {filters !== null && rule !== null && (
        <RuleForm
          me={me}
          rule={rule}
          redirects={filters.redirects}
          busy={busy}
          refusal={problem === null ? null : <Refusal problem={problem} />}
          onSave={(made) => void keep(made)}
          onCancel={onClose}
        />
      )}
    </Dialog>
  );
}

/** The rule to begin with: the list that the message came by, else its sender. */
function useFirstRule(message: Message | null): Rule | null {
  const { services } = useClient();
  const [rule, setRule] = useState<Rule | null>(() => (message === null ? newRule(freshId(), [{ field: 'from', how: 'words', value: '', negated: false }]) : null));
  useEffect(() => {
    if (message === null) return;
    const from = message.from[0];
    const begin = (listId: string | null): void => setRule(newRule(freshId(), [conditionFor(listId, from?.email ?? '')], from?.name ?? from?.email ?? ''));
    const batch = new Batch();
    const get = batch.add('Email/get', { accountId: message.account, ids: [message.id], properties: ['header:List-Id:asText'] });
    services.jmap.send(batch, { background: true }).then(
      (answers) => {
        const head: unknown = answers.of(get).list[0];
        const found = (head as { readonly 'header:List-Id:asText'?: string | null } | undefined)?.['header:List-Id:asText'];
        begin(found ?? null);
      },
      () => begin(null),
    );
  }, [message, services]);
  return rule;
}
