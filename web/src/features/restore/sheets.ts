import type { AccountId, Me } from '../../store/types.ts';
import { sheet } from '../../ui/features.tsx';

export interface RestoreProps {
  readonly me: Me;
  /** Whose mailbox to begin with; left out: one's own. */
  readonly account?: AccountId;
  /** What to look for at once. */
  readonly text?: string;
}

export const RESTORE = sheet<RestoreProps>(() => import('./RestoreSheet.tsx').then((module) => module.RestoreSheet));
