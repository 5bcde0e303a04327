import type { Mailbox, Me } from '../../store/types.ts';
import { sheet } from '../../ui/features.tsx';

export interface TransferProps {
  readonly me: Me;
  /** What was asked for, and of which folder; left out: both, of the whole mailbox. */
  readonly only?: 'export' | 'import';
  readonly folder?: Mailbox;
}

export const TRANSFER = sheet<TransferProps>(() => import('./TransferSheet.tsx').then((module) => module.TransferSheet));
