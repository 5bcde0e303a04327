import { useCallback, useEffect, useMemo, useState } from 'react';

import { problemOf } from '../../wire/problems.ts';
import type { Problem } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import type { Absence, Filters, Item, Redirects } from './rules.ts';
import { FilterService } from './service.ts';
import type { FilterWords } from './words.ts';

/** What is there now is another set of rules: better said than « changed elsewhere ». */
export function conflictText(problem: Problem, words: FilterWords): string | undefined {
  return problem.kind === 'conflict' ? words.conflict : undefined;
}

export interface UsedFilters {
  readonly filters: Filters | null;
  readonly problem: Problem | null;
  readonly busy: boolean;
  readonly service: FilterService;
  /** How often something was kept. */
  readonly kept: number;
  readonly load: () => Promise<void>;
  /** True once it is kept. After a conflict what is there now is shown. */
  readonly save: (change: { readonly items?: readonly Item[]; readonly absence?: Absence }) => Promise<boolean>;
  readonly allow: (redirects: Redirects) => void;
}

/** The rules as the platform has them, read when first drawn. */
export function useFilters(): UsedFilters {
  const { services, commands } = useClient();
  const service = useMemo(() => new FilterService(services.road), [services.road]);
  const [filters, setFilters] = useState<Filters | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [count, setCount] = useState(0);

  const load = useCallback(async (): Promise<void> => {
    try {
      setFilters(await service.read());
      setProblem(null);
    } catch (caught) {
      setProblem(problemOf(caught));
    }
  }, [service]);
  useEffect(() => void load(), [load]);

  const save: UsedFilters['save'] = async (change) => {
    if (filters === null) return false;
    setBusy(true);
    setProblem(null);
    try {
      const kept = await service.save({ ...filters, ...change });
      setFilters(kept);
      setCount((before) => before + 1);
      const { on, start, end } = kept.absence;
      if (change.absence !== undefined) await commands.run('save-settings', { section: 'absence', value: { on, start, end } });
      return true;
    } catch (caught) {
      const found = problemOf(caught);
      setProblem(found);
      // What is there now is shown, and why still said.
      if (found.kind === 'conflict') service.read().then(setFilters, () => undefined);
      return false;
    } finally {
      setBusy(false);
    }
  };
  const allow = (redirects: Redirects): void => setFilters((before) => before && { ...before, redirects });
  return { filters, problem, busy, service, kept: count, load, save, allow };
}
