import { Check, ChevronDown, CircleCheck, CircleDashed, Hand, PenLine, Reply, RotateCcw, UserCheck } from 'lucide-react';
import { useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { ConversationView, Message } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { HANDLED, type Team, type Teams, type Work } from './team.ts';
import { useTeam } from './use-team.ts';
import { WORDS } from './words.ts';

/** Above a conversation of a shared mailbox: whose it is, what was answered, and what one does about it. */
export function TeamBar({ view }: { readonly view: ConversationView }) {
  const [team, teams] = useTeam(view.account);
  const addresses = useOwnAddresses(team);
  if (team === null) return null;
  const came = view.messages.filter((message) => !message.draft && !message.from.some(({ email }) => addresses.has(email.toLowerCase())));
  const newest = came.at(-1);
  if (newest === undefined) return null;
  return <Bar team={team} teams={teams} view={view} came={came} newest={newest} />;
}

/** What members write themselves is not something to answer. */
function useOwnAddresses(team: Team | null): ReadonlySet<string> {
  const answers = [...(team?.works.values() ?? [])].flatMap((work) => work.answers);
  return new Set([...(team?.members ?? []), ...answers].map(({ address }) => address.toLowerCase()));
}

interface BarProps {
  readonly team: Team;
  readonly teams: Teams;
  readonly view: ConversationView;
  readonly came: readonly Message[];
  readonly newest: Message;
}

function Bar({ team, teams, view, came, newest }: BarProps) {
  const words = useWords(WORDS);
  const [problem, setProblem] = useState<Problem | null>(null);
  const works = came.flatMap(({ id }) => team.works.get(id) ?? []);
  const assigned = works.findLast(({ assignedTo }) => assignedTo !== '');
  const done = newest.keywords.includes(HANDLED);
  const say = (change: { readonly assignTo?: string; readonly handled?: boolean }): void => {
    setProblem(null);
    teams.say(view.account, came.map(({ id }) => id), change).catch((caught: unknown) => setProblem(problemOf(caught)));
  };
  return (
    <section className={done ? 'team-bar team-done' : 'team-bar'} aria-label={words.region}>
      <div className="team-words">
        <State team={team} assigned={assigned} done={done} work={team.works.get(newest.id)} />
        <Answers team={team} works={works} came={came} />
        {problem !== null && <Trouble look="line" what={words.failed} problem={problem} />}
      </div>
      {team.mayWork && <Acts team={team} assigned={assigned} done={done} say={say} />}
    </section>
  );
}

interface StateProps {
  readonly team: Team;
  readonly assigned: Work | undefined;
  readonly done: boolean;
  readonly work: Work | undefined;
}

function State({ team, assigned, done, work }: StateProps) {
  const words = useWords(WORDS);
  const { longDate } = useLanguage();
  const Icon = done ? CircleCheck : assigned === undefined ? CircleDashed : UserCheck;
  const who = (): string => {
    if (assigned === undefined) return words.nobody;
    if (assigned.assignedTo === team.me) return words.yours;
    const { assignedName, assignedBy } = assigned;
    return assignedBy === '' || assignedBy === assignedName ? words.assigned(assignedName) : words.assignedBy(assignedName, assignedBy);
  };
  const by = work === undefined || work.handledAt === null ? words.handledOutside : words.handled(work.handledName, longDate(work.handledAt));
  return (
    <p className="team-state" role="status">
      <Icon aria-hidden="true" size={18} strokeWidth={1.75} />
      {done ? by : who()}
    </p>
  );
}

function Answers({ team, works, came }: { readonly team: Team; readonly works: readonly Work[]; readonly came: readonly Message[] }) {
  const words = useWords(WORDS);
  const { longDate } = useLanguage();
  const writing = team.writing.filter(({ email, by }) => by !== team.me && came.some(({ id }) => id === email));
  return (
    <>
      {works.flatMap((work) => work.answers).map(({ messageId, by, name, at }) => (
        <p key={messageId} className="team-line">
          <Reply aria-hidden="true" size={16} strokeWidth={1.75} />
          {by === team.me ? words.youAnswered(longDate(at)) : words.answered(name, longDate(at))}
        </p>
      ))}
      {writing.map(({ by, name }) => (
        <p key={by} className="team-line team-writing" role="status">
          <PenLine aria-hidden="true" size={16} strokeWidth={1.75} />
          {words.writing(name)}
        </p>
      ))}
    </>
  );
}

interface ActsProps {
  readonly team: Team;
  readonly assigned: Work | undefined;
  readonly done: boolean;
  readonly say: (change: { readonly assignTo?: string; readonly handled?: boolean }) => void;
}

function Acts({ team, assigned, done, say }: ActsProps) {
  const words = useWords(WORDS);
  if (done) return <Button icon={RotateCcw} label={words.reopen} small look="outline" onClick={() => say({ handled: false })} />;
  const chosen = (id: string) => ({ ...(assigned?.assignedTo === id ? { icon: Check } : {}) });
  const people = team.members.filter(({ mayWork }) => mayWork);
  return (
    <div className="team-acts">
      {assigned?.assignedTo !== team.me && <Button icon={Hand} label={words.take} small look="outline" onClick={() => say({ assignTo: team.me })} />}
      <Menu
        label={words.assign}
        trigger={(props) => <Button icon={ChevronDown} label={words.assign} small look="outline" {...props} />}
        items={[
          ...people.map(({ id, name }) => ({ key: id, label: id === team.me ? words.me(name) : name, ...chosen(id), act: () => say({ assignTo: id }) })),
          { key: 'nobody', label: words.toNobody, disabled: assigned === undefined, act: () => say({ assignTo: '' }) },
        ]}
      />
      <Button icon={CircleCheck} label={words.done} small look="outline" onClick={() => say({ handled: true })} />
    </div>
  );
}
