import type { Services } from '../../commands/types.ts';
import { ask, askJson } from '../../wire/http.ts';

export type Right = 'read' | 'organise' | 'behalf' | 'as';

export interface Delegation {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly right: Right;
  /** Ids of folders; none: the whole mailbox. */
  readonly folders: readonly string[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly lastUsedAt: string | null;
}

export interface Delegations {
  /** What the academy lets one give; none: nothing. */
  readonly rights: readonly Right[];
  readonly longestDays: number;
  readonly given: readonly Delegation[];
  readonly held: readonly Delegation[];
}

export interface Opening {
  readonly to: string;
  readonly right: Right;
  readonly folders: readonly string[];
  readonly startsAt: string;
  readonly endsAt: string;
}

const ROAD = '/api/delegations';

export function delegations({ road }: Services): Promise<Delegations> {
  return askJson(road, ROAD, { background: true });
}

export function openTo({ road }: Services, opening: Opening): Promise<Delegations> {
  return askJson(road, ROAD, { method: 'POST', body: opening });
}

export function endOne({ road }: Services, id: string): Promise<Delegations> {
  return askJson(road, `${ROAD}/${encodeURIComponent(id)}`, { method: 'DELETE', body: {} });
}

/** The mailbox that this delegation opens was opened on this page. */
export async function noteUse({ road }: Services, id: string): Promise<void> {
  await ask(road, `${ROAD}/${encodeURIComponent(id)}/used`, { method: 'POST', body: {}, background: true });
}
