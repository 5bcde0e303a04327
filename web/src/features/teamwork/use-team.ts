import { useEffect, useSyncExternalStore } from 'react';

import type { AccountId } from '../../wire/ids.ts';
import { useClient } from '../../ui/client.tsx';
import { type Team, type Teams, teamsOf } from './team.ts';

/** The team of a mailbox, as it is now. */
export function useTeam(account: AccountId): readonly [Team | null, Teams] {
  const teams = teamsOf(useClient().services);
  useEffect(() => teams.want(account), [teams, account]);
  const team = useSyncExternalStore(teams.subscribe, () => teams.team(account));
  return [team, teams];
}
