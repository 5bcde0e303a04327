import { askJson } from '../../wire/http.ts';
import type { AccountId } from '../../wire/ids.ts';
import type { Road } from '../../wire/road.ts';

export interface DeletedMessage {
  readonly id: string;
  readonly subject: string;
  readonly sender: { readonly name: string; readonly email: string };
  readonly to: string;
  readonly size: number;
  readonly draft: boolean;
  /** Where it comes back to: a path, `INBOX` for the inbox. */
  readonly folder: string;
  readonly receivedAt: string;
  readonly deletedAt: string;
}

export interface DeletedFolder {
  readonly id: string;
  readonly name: string;
  readonly messages: number;
  readonly deletedAt: string;
}

export interface Found {
  readonly total: number;
  readonly days: number;
  readonly messages: readonly DeletedMessage[];
  readonly folders: readonly DeletedFolder[];
}

export interface Restored {
  readonly placed: readonly { readonly folder: string; readonly messages: number }[];
  readonly missing: number;
  readonly undo: string;
}

export interface Asked {
  readonly accountId: AccountId;
  readonly text: string;
  readonly since: string | null;
  readonly position: number;
  /** One begins to look: what was deleted since the last time is found too. */
  readonly anew: boolean;
}

export const search = (road: Road, asked: Asked, signal: AbortSignal): Promise<Found> =>
  askJson(road, '/api/restore/search', { method: 'POST', body: asked, signal });

export const restore = (road: Road, accountId: AccountId, messages: readonly string[]): Promise<Restored> =>
  askJson(road, '/api/restore/messages', { method: 'POST', body: { accountId, messages } });

export const restoreFolder = (road: Road, accountId: AccountId, folder: string): Promise<Restored> =>
  askJson(road, '/api/restore/folders', { method: 'POST', body: { accountId, folder } });

export const undo = (road: Road, ticket: string): Promise<{ readonly count: number }> =>
  askJson(road, '/api/restore/undo', { method: 'POST', body: { undo: ticket } });

export const look = (road: Road, accountId: AccountId, message: string, signal: AbortSignal): Promise<{ readonly text: string; readonly files: readonly string[] }> =>
  askJson(road, '/api/restore/look', { method: 'POST', body: { accountId, message }, signal });
