import './delegation.css';

import { useCallback, useEffect, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { Given, Held } from './Lists.tsx';
import { OpeningForm } from './OpeningForm.tsx';
import { type Delegations, delegations, endOne, type Opening, openTo } from './service.ts';
import { WORDS } from './words.ts';

/** Who opens one's mailbox, and whose are open to oneself. */
export function DelegationPanel({ me }: { readonly me: Me }) {
  const words = useWords(WORDS);
  const { services } = useClient();
  const [told, setTold] = useState<Delegations | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [said, setSaid] = useState('');
  const run = useCallback(async (doing: Promise<Delegations>): Promise<boolean> => {
    try {
      setTold(await doing);
      setProblem(null);
      return true;
    } catch (caught) {
      setProblem(problemOf(caught));
      return false;
    }
  }, []);
  useEffect(() => {
    const look = (): void => void run(delegations(services));
    look();
    return services.live.hear('access', look);
  }, [services, run]);
  const end = async (id: string, name: string): Promise<void> => {
    if (await run(endOne(services, id))) setSaid(words.ended(name));
  };
  const open = async (opening: Opening, name: string): Promise<boolean> => {
    const done = await run(openTo(services, opening));
    if (done) setSaid(words.opened(name));
    return done;
  };
  return (
    <div className="settings">
      <p className="soft">{words.about}</p>
      {problem !== null && told === null && <Trouble what={words.failed} problem={problem} onRetry={() => run(delegations(services))} />}
      {problem !== null && told !== null && <Trouble what={words.undone} problem={problem} />}
      <p role="status" className={said === '' ? 'hidden-words' : 'delegation-said'}>
        {said}
      </p>
      {told === null && problem === null && <p className="soft">{words.loading}</p>}
      {told !== null && (
        <>
          <Given rows={told.given} onEnd={(id, name) => void end(id, name)} />
          {told.rights.length === 0 ? <p className="soft">{words.forbidden}</p> : <OpeningForm me={me} told={told} onOpen={open} />}
          <Held rows={told.held} onEnd={(id) => void run(endOne(services, id))} />
        </>
      )}
    </div>
  );
}
