import { useCallback, useEffect, useRef, useState } from 'react';

import type { AccountId, Problem } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { problemOf } from '../../wire/problems.ts';
import { type DeletedFolder, type DeletedMessage, type Found, restore, restoreFolder, search, undo } from './service.ts';

export const PERIODS = ['all', 'week', 'day'] as const;
export type Period = (typeof PERIODS)[number];
const DAYS: Readonly<Record<Exclude<Period, 'all'>, number>> = { week: 7, day: 1 };
/** Typing has paused. */
const PAUSE_MS = 250;

export type Outcome =
  | { readonly kind: 'messages'; readonly count: number; readonly folders: readonly string[]; readonly missing: number; readonly undo: string }
  | { readonly kind: 'folder'; readonly name: string; readonly undo: string }
  | { readonly kind: 'undone' };

export interface Restoring {
  /** Null while one looks for the first time. */
  readonly found: Found | null;
  readonly looking: boolean;
  readonly working: boolean;
  readonly problem: Problem | null;
  readonly outcome: Outcome | null;
  readonly more: () => void;
  readonly again: () => void;
  readonly bring: (messages: readonly DeletedMessage[]) => Promise<boolean>;
  readonly bringFolder: (folder: DeletedFolder) => Promise<void>;
  readonly undo: () => Promise<void>;
}

function sinceOf(period: Period, now: Date): string | null {
  return period === 'all' ? null : new Date(now.getTime() - DAYS[period] * 86_400_000).toISOString();
}

interface Searching {
  readonly found: Found | null;
  readonly looking: boolean;
  readonly more: () => void;
  readonly again: () => void;
  readonly change: (change: (found: Found) => Found) => void;
}

/** What was deleted for good in ACCOUNT and matches, asked for when typing pauses. */
function useSearch(account: AccountId, text: string, period: Period, tell: (problem: Problem | null) => void): Searching {
  const { services } = useClient();
  const { road, now } = services;
  const [found, setFound] = useState<Found | null>(null);
  const [looking, setLooking] = useState(true);
  const [round, setRound] = useState(0);
  // Whose list the platform made for us, and in which round: it is made anew once each.
  const looked = useRef('');
  const making = useRef<{ readonly list: string; readonly done: Promise<void> } | null>(null);
  // Ended with the words that it was asked for: a late page of others doesn't belong here.
  const current = useRef(new AbortController());

  /** Answers to an END that has come are dropped. */
  const ask = useCallback(
    (position: number, { signal: end }: AbortController, take: (answer: Found) => void, list: string | null = null): Promise<void> => {
      setLooking(true);
      // What makes the list goes on whatever is typed meanwhile: begun again with each letter it would never be there.
      const signal = list === null ? end : new AbortController().signal;
      return search(road, { accountId: account, text, since: sinceOf(period, now()), position, anew: list !== null }, signal).then(
        (answer) => {
          if (list !== null) looked.current = list;
          if (end.aborted) return;
          take(answer);
          tell(null);
          setLooking(false);
        },
        (caught: unknown) => {
          if (end.aborted) return;
          tell(problemOf(caught));
          setLooking(false);
        },
      );
    },
    [road, now, account, text, period, tell],
  );

  useEffect(() => {
    const stop = new AbortController();
    current.current = stop;
    const list = `${account} ${round}`;
    const isMade = looked.current === list;
    const isBegun = making.current?.list === list;
    const first = async (): Promise<void> => {
      if (making.current?.list === list) await making.current.done;
      if (stop.signal.aborted) return;
      const anew = looked.current !== list;
      const done = ask(0, stop, setFound, anew ? list : null);
      if (anew) making.current = { list, done };
    };
    const wait = setTimeout(() => void first(), isMade || isBegun ? PAUSE_MS : 0);
    return () => {
      clearTimeout(wait);
      stop.abort();
    };
  }, [ask, account, round]);

  const change = useCallback((by: (found: Found) => Found) => setFound((before) => before && by(before)), []);
  const again = useCallback(() => setRound((before) => before + 1), []);
  const more = (): void => {
    if (found === null) return;
    void ask(found.messages.length, current.current, ({ total, messages }) =>
      change((before) => ({ ...before, total, messages: [...before.messages, ...messages] })),
    );
  };
  return { found, looking, more, again, change };
}

/** What can come back, and bringing it back. */
export function useRestore(account: AccountId, text: string, period: Period): Restoring {
  const { road } = useClient().services;
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const { found, looking, more, again: lookAgain, change } = useSearch(account, text, period, setProblem);

  const again = (): void => {
    setProblem(null);
    lookAgain();
  };

  const tried = async (work: () => Promise<Outcome>): Promise<boolean> => {
    setWorking(true);
    setOutcome(null);
    try {
      setOutcome(await work());
      setProblem(null);
      return true;
    } catch (caught) {
      setProblem(problemOf(caught));
      return false;
    } finally {
      setWorking(false);
    }
  };

  const bring = (messages: readonly DeletedMessage[]): Promise<boolean> =>
    tried(async () => {
      const done = await restore(road, account, messages.map(({ id }) => id));
      const gone = new Set(messages.map(({ id }) => id));
      change((before) => ({ ...before, total: before.total - gone.size, messages: before.messages.filter(({ id }) => !gone.has(id)) }));
      const count = done.placed.reduce((sum, one) => sum + one.messages, 0);
      return { kind: 'messages', count, folders: done.placed.map(({ folder }) => folder), missing: done.missing, undo: done.undo };
    });

  const bringFolder = async (folder: DeletedFolder): Promise<void> => {
    await tried(async () => {
      const done = await restoreFolder(road, account, folder.id);
      change((before) => ({ ...before, folders: before.folders.filter(({ id }) => id !== folder.id) }));
      return { kind: 'folder', name: done.placed[0]?.folder ?? folder.name, undo: done.undo };
    });
  };

  const takeBack = async (): Promise<void> => {
    if (outcome === null || outcome.kind === 'undone') return;
    const done = await tried(async () => {
      await undo(road, outcome.undo);
      return { kind: 'undone' };
    });
    if (done) again();
  };

  return { found, looking, working, problem, outcome, more, again, bring, bringFolder, undo: takeBack };
}
