import { CircleCheck } from 'lucide-react';

import { useWords } from '../../i18n/words.ts';
import type { Row } from '../../store/types.ts';
import { initialsOf } from '../../ui/people.ts';
import { ASSIGNED, HANDLED, type Team } from './team.ts';
import { useTeam } from './use-team.ts';
import { WORDS } from './words.ts';

/** Who was given one of the messages of a conversation last. */
function assignee(team: Team | null, row: Row): string | null {
  const given = [...(team?.works.values() ?? [])].filter(({ thread, assignedTo }) => thread === row.thread && assignedTo !== '');
  return given[0]?.assignedName ?? null;
}

/** In the list: done, or whose it is. */
export function RowMark({ row }: { readonly row: Row }) {
  const words = useWords(WORDS);
  const [team] = useTeam(row.account);
  const work = team?.works.get(row.email);
  // The conversation bears the keywords of all its messages; what came last may be new.
  const handled = row.keywords.includes(HANDLED) && (row.messages === 1 || work?.handledAt !== null);
  if (handled) return <CircleCheck size={15} className="row-handled" role="img" aria-label={words.rowHandled} />;
  const name = assignee(team, row);
  if (name === null || !row.keywords.includes(ASSIGNED)) return null;
  return (
    <span className="row-assigned" role="img" aria-label={words.rowAssigned(name)} title={words.rowAssigned(name)}>
      {initialsOf({ name, email: '' })}
    </span>
  );
}
