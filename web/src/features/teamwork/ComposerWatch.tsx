import { TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Draft, EmailId } from '../../store/types.ts';
import { otherAnswer, type Team } from './team.ts';
import { useTeam } from './use-team.ts';
import { WORDS } from './words.ts';

/** The platform forgets who writes after a minute and a half. */
const SAID_AGAIN_MS = 45_000;

/** In the composer of an answer: the others see that one is writing, and one sees what they do meanwhile. */
export function ComposerWatch({ draft, email }: { readonly draft: Draft; readonly email: EmailId }) {
  const [team, teams] = useTeam(draft.account);
  const mayWork = team?.mayWork === true;
  const { account } = draft;
  useEffect(() => {
    if (!mayWork) return undefined;
    teams.sayWriting(account, email, true);
    const timer = setInterval(() => teams.sayWriting(account, email, true), SAID_AGAIN_MS);
    return () => {
      clearInterval(timer);
      teams.sayWriting(account, email, false);
    };
  }, [teams, account, email, mayWork]);
  const warnings = useWarnings(team, email);
  return (
    <div role="alert" className={warnings.length === 0 ? 'hidden-words' : 'team-warning'}>
      {warnings.map((warning) => (
        <p key={warning}>
          <TriangleAlert aria-hidden="true" size={18} strokeWidth={1.75} />
          {warning}
        </p>
      ))}
    </div>
  );
}

function useWarnings(team: Team | null, email: EmailId): readonly string[] {
  const words = useWords(WORDS);
  const { longDate } = useLanguage();
  if (team === null) return [];
  const answer = otherAnswer(team, email);
  const work = team.works.get(email);
  const writing = team.writing.filter((one) => one.email === email && one.by !== team.me && one.by !== answer?.by);
  const others = work !== undefined && work.assignedTo !== '' && work.assignedTo !== team.me;
  return [
    ...(answer === null ? [] : [words.hasAnswered(answer.name, longDate(answer.at))]),
    ...writing.map(({ name }) => words.alsoWriting(name)),
    ...(work?.handledAt ? [words.isHandled(work.handledName)] : others && answer === null && writing.length === 0 ? [words.seesTo(work.assignedName)] : []),
  ];
}
