import { ask, askJson } from '../../wire/http.ts';
import type { AccountId } from '../../wire/ids.ts';
import type { Road } from '../../wire/road.ts';

export interface ExportJob {
  readonly id: string;
  readonly accountId: AccountId;
  readonly state: 'waiting' | 'working' | 'ready' | 'failed' | 'cancelled' | 'expired';
  readonly reason: string;
  readonly reference: string;
  readonly folders: readonly string[];
  readonly done: number;
  readonly total: number;
  readonly size: number;
  readonly ahead: number;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

export interface LeftOut {
  readonly where: string;
  readonly reason: string;
  readonly detail: string;
}

/** What a file holds, or what came of it; nothing as long as that isn't known. */
export type Facts = Partial<Contents>;

export interface Contents {
  readonly messages: number;
  readonly known: number;
  readonly octets: number;
  readonly folders: Readonly<Record<string, number>>;
  readonly items: { readonly vcf: number; readonly ics: number; readonly known?: number };
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
}

const NOTHING: Contents = { messages: 0, known: 0, octets: 0, folders: {}, items: { vcf: 0, ics: 0 }, leftOut: [], leftOutCount: 0 };

export const contentsOf = (facts: Facts): Contents => ({ ...NOTHING, ...facts });

export interface ImportJob {
  readonly id: string;
  readonly accountId: AccountId;
  readonly name: string;
  readonly size: number;
  readonly state: 'coming' | 'looking' | 'looked' | 'waiting' | 'working' | 'done' | 'undoing' | 'undone' | 'failed' | 'cancelled';
  readonly reason: string;
  readonly reference: string;
  readonly folder: string;
  readonly done: number;
  readonly found: Facts;
  readonly report: Facts;
  readonly canUndo: boolean;
  readonly createdAt: string;
}

export interface Jobs {
  readonly exports: readonly ExportJob[];
  readonly imports: readonly ImportJob[];
  readonly limits: { readonly importBytes: number; readonly exportDays: number };
}

export interface Wanted {
  readonly accountId: AccountId;
  /** Null: all. */
  readonly folders: readonly string[] | null;
  readonly mail: boolean;
  readonly contacts: boolean;
  readonly agendas: boolean;
  readonly mbox: boolean;
  readonly letter: boolean;
}

export const UPLOADS = '/api/transfer/uploads';
/** What is lost at most when the line breaks; the platform takes twice as much. */
export const PIECE_BYTES = 8 * 1024 * 1024;

export const jobs = (road: Road, background: boolean): Promise<Jobs> => askJson(road, '/api/transfer', { background });

export const beginExport = (road: Road, wanted: Wanted): Promise<ExportJob> => askJson(road, '/api/transfer/exports', { method: 'POST', body: wanted });

export async function endExport(road: Road, id: string): Promise<void> {
  await ask(road, `/api/transfer/exports/${id}`, { method: 'DELETE', body: {} });
}

export const fileOf = (one: ExportJob): string => `/api/transfer/exports/${one.id}/file`;

export async function startImport(road: Road, id: string, folder: string, doubles: boolean): Promise<void> {
  await ask(road, `/api/transfer/imports/${id}/start`, { method: 'POST', body: { folder, doubles } });
}

export async function undoImport(road: Road, id: string): Promise<void> {
  await ask(road, `/api/transfer/imports/${id}/undo`, { method: 'POST', body: {} });
}

export async function endImport(road: Road, id: string): Promise<void> {
  await ask(road, `/api/transfer/imports/${id}`, { method: 'DELETE', body: {} });
}
