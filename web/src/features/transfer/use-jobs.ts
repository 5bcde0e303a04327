import { useCallback, useEffect, useState } from 'react';

import type { Problem } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { problemOf } from '../../wire/problems.ts';
import { jobs, type Jobs } from './service.ts';

export interface Known {
  readonly jobs: Jobs | null;
  readonly problem: Problem | null;
  readonly look: () => void;
  /** Do something, then look again; what goes wrong is the problem. */
  readonly act: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** One's exports and imports, followed as they go on: the platform says when there is something to ask. */
export function useJobs(): Known {
  const { road, live } = useClient().services;
  const [known, setKnown] = useState<Jobs | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = useCallback(
    (background: boolean) => {
      jobs(road, background).then(setKnown, (caught: unknown) => {
        if (!background) setProblem(problemOf(caught));
      });
    },
    [road],
  );
  useEffect(() => {
    const ends = [live.hear('transfer', () => ask(true)), live.hear('ready', () => ask(true))];
    ask(false);
    return () => ends.forEach((end) => end());
  }, [live, ask]);
  const look = useCallback(() => {
    setProblem(null);
    ask(false);
  }, [ask]);
  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    setProblem(null);
    try {
      await work();
      ask(true);
      return true;
    } catch (caught) {
      setProblem(problemOf(caught));
      ask(true);
      return false;
    }
  };
  return { jobs: known, problem, look, act };
}
