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
const NOTHING_YET: Progress = { done: 0, of: 0 };

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
  /** False where it came to nothing. */
  readonly act: (chosen: readonly Heap[]) => Promise<boolean>;
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

interface Places {
  readonly inbox: MailboxId | null;
  readonly archive: MailboxId | null;
  readonly trash: MailboxId | null;
  /** Not looked at. */
  readonly others: readonly MailboxId[];
}

function placesOf(folders: readonly Mailbox[]): Places {
  const byRole = (role: Mailbox['role']): MailboxId | null => folders.find((one) => one.role === role)?.id ?? null;
  const others = (['trash', 'junk', 'drafts'] as const).map(byRole).filter((one) => one !== null);
  return { inbox: byRole('inbox'), archive: byRole('archive'), trash: byRole('trash'), others };
}

interface Survey {
  readonly all: readonly Surveyed[] | null;
  readonly letters: ReadonlySet<EmailId> | null;
  readonly looking: Progress;
  readonly forget: (gone: (id: EmailId) => boolean) => void;
  readonly again: () => void;
}

/** Every message of one's own mailbox; which of them are newsletters is asked only when somebody wants to know. */
function useSurvey(me: Me, places: Places, wantsLetters: boolean, fail: (caught: unknown) => void): Survey {
  const { services } = useClient();
  const [all, setAll] = useState<readonly Surveyed[] | null>(null);
  const [found, setFound] = useState<ReadonlySet<EmailId> | null>(null);
  const [looking, setLooking] = useState<Progress>(NOTHING_YET);
  const [round, setRound] = useState(0);
  const others = places.others.join(' ');

  useEffect(() => {
    const abort = new AbortController();
    const progress = (done: number, of: number): void => setLooking({ done, of });
    survey(services, me.account, others.split(' ').filter(Boolean) as MailboxId[], progress, abort.signal).then(setAll, (caught: unknown) => {
      if (!abort.signal.aborted) fail(caught);
    });
    return () => abort.abort();
  }, [services, me.account, others, round, fail]);

  useEffect(() => {
    if (wantsLetters && found === null) letters(services, me.account, lettersBefore(services.now())).then(setFound, fail);
    // Asked again where it failed: a new round, and still nothing found.
  }, [wantsLetters, found, services, me.account, round, fail]);

  const forget = useCallback((gone: (id: EmailId) => boolean) => setAll((known) => known?.filter(({ id }) => !gone(id)) ?? null), []);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { all, letters: found, looking, forget, again };
}

/** What the survey shows in one kind, and what is done with it. */
export function useCleaning(me: Me, kind: Kind): Cleaning {
  const { services, store } = useClient();
  const [working, setWorking] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const fail = useCallback((caught: unknown) => setProblem(problemOf(caught)), []);
  const places = placesOf(store.mailboxes(me.account));
  const { inbox, archive, trash } = places;
  const seen = useSurvey(me, places, kind === 'letters', fail);

  const heaps = useMemo(() => {
    if (seen.all === null || (kind === 'letters' && seen.letters === null)) return null;
    return heapsOf(kind, seen.all, seen.letters ?? new Set(), inbox, services.now());
  }, [seen.all, seen.letters, kind, inbox, services]);

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
      const target = kind === 'years' ? await folderNamed(services, me.account, key, archive, store.mailboxes(me.account)) : trash;
      // To the trash from everywhere; to the archive from the inbox alone: what lies elsewhere as well stays there too.
      for (const { id, mailboxes } of emails) {
        if (target !== null) moves.set(id, { from: kind === 'years' ? mailboxes.filter((one) => one === inbox) : mailboxes, to: [target] });
      }
    }
    return moves;
  };

  // A double click is one: the second would ask again for what is on its way.
  const busy = useRef(false);
  const once = async (work: () => Promise<void>): Promise<boolean> => {
    if (busy.current) return false;
    busy.current = true;
    setProblem(null);
    try {
      await work();
      return true;
    } catch (caught) {
      fail(caught);
      return false;
    } finally {
      busy.current = false;
    }
  };

  const act = (chosen: readonly Heap[]): Promise<boolean> =>
    once(async () => {
      const moves = await movesFor(chosen);
      const refused = new Set(await carryOut(moves));
      const back = new Map([...moves].filter(([id]) => !refused.has(id)).map(([id, { from, to }]) => [id, { from: to, to: from }] as const));
      seen.forget((id) => back.has(id));
      setOutcome({ kind: kind === 'years' ? 'archived' : 'trashed', count: back.size, refused: refused.size, back });
    });

  const undo = async (): Promise<void> => {
    if (outcome === null) return;
    await once(async () => {
      const refused = await carryOut(outcome.back);
      setOutcome({ kind: 'undone', count: outcome.back.size - refused.length, refused: refused.length, back: new Map() });
      seen.again();
    });
  };

  const again = (): void => {
    setProblem(null);
    seen.again();
  };
  return { looking: seen.all === null ? seen.looking : null, working, problem, heaps, outcome, act, undo, again };
}
