import { ask, askJson } from '../../wire/http.ts';
import type { Road } from '../../wire/road.ts';

export interface Limits {
  readonly largestBytes: number;
  readonly defaultDays: number;
  readonly longestDays: number;
  readonly outsiders: boolean;
  readonly outsiderPassword: boolean;
}

export interface SentLink {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly standing: string;
  readonly partlyChecked: boolean;
  readonly sensitive: boolean;
  readonly password: boolean;
  readonly subject: string;
  readonly recipients: readonly string[];
  readonly days: number;
  readonly downloads: number;
  readonly maxDownloads: number | null;
  readonly fetched: readonly { readonly address: string; readonly at: string; readonly source: string }[];
  readonly sentAt: string | null;
  readonly expiresAt: string;
}

export interface Terms {
  readonly days?: number;
  readonly password?: string;
  readonly maxDownloads?: number;
  readonly sensitive?: boolean;
}

export function limitsOf(road: Road): Promise<Limits> {
  return askJson(road, '/api/links/limits', { background: true });
}

export function myLinks(road: Road): Promise<readonly SentLink[]> {
  return askJson(road, '/api/links');
}

/** Those of these tokens that are one's own. */
export function linksWith(road: Road, tokens: readonly string[]): Promise<readonly SentLink[]> {
  return askJson(road, '/api/links/lookup', { method: 'POST', body: { tokens } });
}

export function setTerms(road: Road, id: string, terms: Terms): Promise<SentLink> {
  return askJson(road, `/api/links/${encodeURIComponent(id)}`, { method: 'PATCH', body: terms });
}

export async function revoke(road: Road, id: string): Promise<void> {
  await ask(road, `/api/links/${encodeURIComponent(id)}`, { method: 'DELETE', body: {} });
}
