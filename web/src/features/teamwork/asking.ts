import type { Draft } from '../../store/types.ts';
import type { Page } from '../../ui/features.tsx';
import { otherAnswer, teamsOf } from './team.ts';
import { WORDS } from './words.ts';

/** Before an answer leaves from a shared mailbox: whether a colleague was quicker. */
export async function askBefore(page: Page, { account, content }: Draft): Promise<{ readonly title: string; readonly text: string } | null> {
  const email = content.origin?.kind === 'reply' ? content.origin.email : null;
  const shared = page.store.accounts().some(({ id, personal }) => id === account && (!personal || page.me.lends === true));
  if (email === null || !shared) return null;
  const teams = teamsOf(page.services);
  await teams.look(account);
  const team = teams.team(account);
  const answer = team === null ? null : otherAnswer(team, email);
  const words = WORDS[page.language.locale];
  return answer === null ? null : { title: words.askTitle, text: words.ask(answer.name, page.language.longDate(answer.at)) };
}
