/** Pictures as data: the frame of a message can fetch nothing, so what it shows is handed to it. */

import { useEffect, useState } from 'react';

import type { LocalCopy } from '../store/presence/local-copy.ts';
import type { Attachment, BodyPart } from '../store/types.ts';
import { useStoreItself } from '../ui/client.tsx';
import { askJson } from '../wire/http.ts';
import { type Problem, problemOf } from '../wire/problems.ts';
import type { Road } from '../wire/road.ts';
import { contentId } from './css.ts';

export type Pictures = ReadonlyMap<string, string>;
export const NONE: Pictures = new Map();

/** As many as the platform writes addresses for at once. */
const MOST = 300;
/** Characters of data in one message; the rest of its pictures stays out. */
const MOST_DATA = 40_000_000;
/** Bytes of a picture that a device keeps; those of a signature are far smaller. */
const SMALL = 300_000;
/** The type stands in the picture's own address: it may hold nothing that ends one. */
const PICTURE_TYPE = /^image\/[a-z0-9.+-]+$/i;
/** What has come by then is shown; the rest follows together. */
const FIRST_LOOK_MS = 1500;

/** Pictures that the message carries, fetched with the session. */
export function useInline(html: string, parts: readonly BodyPart[], files: readonly Attachment[]): Pictures {
  const [inline, setInline] = useState(NONE);
  const store = useStoreItself();
  useEffect(() => {
    const needed = carriedIn(html, parts, files);
    if (needed.length === 0) return;
    const stop = new AbortController();
    void loadInline(needed, stop.signal, store.copy()).then((found) => !stop.signal.aborted && setInline(found));
    return () => stop.abort();
  }, [html, parts, files, store]);
  return inline;
}

/** The files among PARTS and FILES that HTML shows as its pictures. */
export function carriedIn(html: string, parts: readonly BodyPart[], files: readonly Attachment[]): readonly Attachment[] {
  const wanted = new Set([...html.matchAll(/cid:([^"'\s)>]+)/gi)].map((match) => contentId(match[0])));
  if (wanted.size === 0) return [];
  const all = [...files, ...parts.flatMap((part) => (part.kind === 'picture' ? [part.attachment] : []))];
  return all.filter((file) => file.cid !== null && wanted.has(file.cid) && PICTURE_TYPE.test(file.type));
}

/** With a COPY, small ones are there without a network too. */
export async function loadInline(needed: readonly Attachment[], signal: AbortSignal, copy: LocalCopy | null = null): Promise<Pictures> {
  const found = await Promise.all(needed.map((file) => carried(file, signal, copy)));
  return new Map(found.filter((pair) => pair !== null));
}

async function carried(file: Attachment, signal: AbortSignal, copy: LocalCopy | null): Promise<readonly [string, string] | null> {
  const name = `picture ${file.url}`;
  // A blob's id is that of its content: what was kept is what it is.
  const kept = file.size <= SMALL ? await copy?.find(name) : undefined;
  if (typeof kept === 'string') return [file.cid ?? '', kept];
  try {
    const answer = await fetch(file.url, { signal, credentials: 'same-origin' });
    if (!answer.ok) return null;
    const data = await asDataUrl(new Blob([await answer.arrayBuffer()], { type: file.type }));
    if (file.size <= SMALL) copy?.keep(name, data);
    return [file.cid ?? '', data];
  } catch {
    // Not there, or the message was left: it shows the picture's name instead.
    return null;
  }
}

export interface Remote {
  readonly pictures: Pictures;
  readonly state: 'none' | 'loading' | 'done';
  readonly missing: number;
  readonly problem: Problem | null;
}

const NOT_ASKED: Remote = { pictures: NONE, state: 'none', missing: 0, problem: null };

/** Pictures of the web, by the platform: whoever sent the message isn't told who reads it. Nothing before `consent`. */
export function useRemote(road: Road, addresses: readonly string[], consent: boolean, attempt: number): Remote {
  const [remote, setRemote] = useState(NOT_ASKED);
  const key = addresses.join('\n');
  useEffect(() => {
    if (!consent || key === '') return;
    const stop = new AbortController();
    const tell = (told: Remote): void => {
      if (!stop.signal.aborted) setRemote(told);
    };
    void loadRemote(road, key.split('\n').slice(0, MOST), stop.signal, tell);
    return () => stop.abort();
  }, [road, key, consent, attempt]);
  return consent ? remote : NOT_ASKED;
}

/** Tells what has come so far, at last all of it. */
export async function loadRemote(road: Road, addresses: readonly string[], signal: AbortSignal, tell: (remote: Remote) => void): Promise<void> {
  tell({ ...NOT_ASKED, state: 'loading' });
  let signed: { readonly urls: readonly (string | null)[] };
  try {
    signed = await askJson(road, '/api/images', { method: 'POST', body: { urls: addresses }, signal });
  } catch (caught) {
    if (!signal.aborted) tell({ ...NOT_ASKED, state: 'done', problem: problemOf(caught) });
    return;
  }
  const pictures = new Map<string, string>();
  let data = 0;
  const all = addresses.map(async (address, at) => {
    const found = await fetched(road, signed.urls[at] ?? null, signal);
    data += found?.length ?? 0;
    if (found !== null && data <= MOST_DATA) pictures.set(address, found);
  });
  const first = setTimeout(() => {
    if (pictures.size > 0) tell({ ...NOT_ASKED, pictures: new Map(pictures), state: 'loading' });
  }, FIRST_LOOK_MS);
  await Promise.all(all);
  clearTimeout(first);
  tell({ pictures, state: 'done', missing: addresses.length - pictures.size, problem: null });
}

async function fetched(road: Road, path: string | null, signal: AbortSignal): Promise<string | null> {
  if (path === null) return null;
  try {
    const answer = await road.fetch(path, { signal, credentials: 'same-origin' });
    const type = answer.headers.get('Content-Type') ?? '';
    if (!answer.ok || !/^image\/(?:png|gif|jpeg|webp|avif)$/.test(type)) return null;
    return await asDataUrl(new Blob([await answer.arrayBuffer()], { type }));
  } catch {
    return null;
  }
}

function asDataUrl(blob: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => done(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => failed(reader.error ?? new Error('unreadable picture')));
    reader.readAsDataURL(blob);
  });
}
