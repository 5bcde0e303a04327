import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

import type { EmailId, Mailbox, MailboxId, Me } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { folderNamed, letters, type Move, place, survey } from './service.ts';
import { bySender, byYear, duplicates, type Heap, largest, newsletters, type Surveyed } from './survey.ts';

export const KINDS = ['largest', 'senders', 'letters', 'duplicates', 'years'] as const;
export type Kind = (typeof KINDS)[number];

/** Letters younger than this may still be wanted. */
const LETTERS_DAYS = 91;

export interface Outcome {
  readonly kind: 'trashed' | 'archived' | 'undone';
  readonly count: number;
  readonly refused: number;
  /** What puts each message back. */
  readonly back: ReadonlyMap<EmailId, Move>;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
}

export interface Cleaning {
  readonly looking: Progress | null;
  readonly working: Progress | null;
  readonly problem: Problem | null;
  readonly heaps: readonly Heap[] | null;
  readonly outcome: Outcome | null;
  readonly act: (chosen: readonly Heap[]) => Promise<void>;
  readonly undo: () => Promise<void>;
  readonly again: () => void;
}

function heapsOf(kind: Kind, all: readonly Surveyed[], lettersFound: ReadonlySet<EmailId>, inbox: MailboxId | null, now: Date): readonly Heap[] {
  switch (kind) {
    case 'largest':
      return largest(all);
    case 'senders':
      return bySender(all);
    case 'letters':
      return newsletters(all, lettersFound, lettersBefore(now));
    case 'duplicates':
      return duplicates(all);
    case 'years':
      return inbox === null ? [] : byYear(all, inbox, now.getFullYear());
  }
}

function lettersBefore(now: Date): string {
  return new Date(now.getTime() - LETTERS_DAYS * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The survey of one's own mailbox, and what is done with what it shows. */
export function useCleaning(me: Me, kind: Kind): Cleaning {
  const { services, store } = useClient();
  const [all, setAll] = useState<readonly Surveyed[] | null>(null);
  const [lettersFound, setLetters] = useState<ReadonlySet<EmailId> | null>(null);
  const [looking, setLooking] = useState<Progress | null>(null);
  const [working, setWorking] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [round, setRound] = useState(0);
  const folders = store.mailboxes(me.account);
  const byRole = (role: Mailbox['role']): MailboxId | null => folders.find((one) => one.role === role)?.id ?? null;
  const [inbox, trash, junk, drafts] = [byRole('inbox'), byRole('trash'), byRole('junk'), byRole('drafts')];
  const now = useMemo(() => services.now(), [services]);

  useEffect(() => {
    const abort = new AbortController();
    const others = [trash, junk, drafts].filter((one) => one !== null);
    const progress = (done: number, of: number): void => setLooking({ done, of });
    survey(services, me.account, others, progress, abort.signal).then(
      (found) => {
        setAll(found);
        setLooking(null);
      },
      (caught: unknown) => {
        if (!abort.signal.aborted) setProblem(problemOf(caught));
      },
    );
    return () => abort.abort();
  }, [services, me.account, trash, junk, drafts, round]);

  useEffect(() => {
    if (kind !== 'letters' || lettersFound !== null) return;
    letters(services, me.account, lettersBefore(now)).then(setLetters, (caught: unknown) => setProblem(problemOf(caught)));
  }, [kind, lettersFound, services, me.account, now]);

  const heaps = useMemo(() => {
    if (all === null || (kind === 'letters' && lettersFound === null)) return null;
    return heapsOf(kind, all, lettersFound ?? new Set(), inbox, now);
  }, [all, kind, lettersFound, inbox, now]);

  const carryOut = async (moves: ReadonlyMap<EmailId, Move>): Promise<readonly EmailId[]> => {
    setWorking({ done: 0, of: moves.size });
    try {
      return await place(services, me.account, moves, (done) => setWorking({ done, of: moves.size }));
    } finally {
      setWorking(null);
    }
  };

  const movesFor = async (chosen: readonly Heap[]): Promise<ReadonlyMap<EmailId, Move>> => {
    const moves = new Map<EmailId, Move>();
    for (const { key, emails } of chosen) {
      const target = kind === 'years' ? await folderNamed(services, me.account, key, byRole('archive'), store.mailboxes(me.account)) : trash;
      // To the trash from everywhere; to the archive from the inbox alone: what lies elsewhere as well stays there too.
      for (const { id, mailboxes } of emails) {
        if (target !== null) moves.set(id, { from: kind === 'years' ? mailboxes.filter((one) => one === inbox) : mailboxes, to: [target] });
      }
    }
    return moves;
  };

  const act = async (chosen: readonly Heap[]): Promise<void> => {
    try {
      const moves = await movesFor(chosen);
      const refused = new Set(await carryOut(moves));
      const back = new Map([...moves].filter(([id]) => !refused.has(id)).map(([id, { from, to }]) => [id, { from: to, to: from }] as const));
      setAll((known) => known?.filter(({ id }) => !back.has(id)) ?? null);
      setOutcome({ kind: kind === 'years' ? 'archived' : 'trashed', count: back.size, refused: refused.size, back });
    } catch (caught) {
      setProblem(problemOf(caught));
    }
  };

  const undo = async (): Promise<void> => {
    if (outcome === null) return;
    try {
      const refused = await carryOut(outcome.back);
      setOutcome({ kind: 'undone', count: outcome.back.size - refused.length, refused: refused.length, back: new Map() });
      setRound((before) => before + 1);
    } catch (caught) {
      setProblem(problemOf(caught));
    }
  };

  const again = useCallback(() => {
    setProblem(null);
    setRound((before) => before + 1);
  }, []);
  const first = useRef({ done: 0, of: 0 });
  return { looking: all === null ? (looking ?? first.current) : null, working, problem, heaps, outcome, act, undo, again };
}
