import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Build } from './build.ts';
import { holdKeys } from './lending.ts';
import { Shell } from './shell.ts';

const ORIGIN = 'https://rouen.localhost';
const BUILD: Build = { version: 'v2', shell: ['/courrier/', '/courrier/assets/a.js'], later: ['/courrier/assets/b.js'] };
const HTML = '<script src="/courrier/assets/a.js"></script>';

class Kept {
  readonly pages = new Map<string, Response>();
  keys = () => Promise.resolve([...this.pages.keys()].map((path) => ({ url: ORIGIN + path })));
  match = (url: string) => Promise.resolve(this.pages.get(new URL(url, ORIGIN).pathname)?.clone());
  put = (path: string, answer: Response) => Promise.resolve(void this.pages.set(path, answer));
  add = async (path: string) => this.put(path, await fetch(path));
  addAll = async (paths: readonly string[]) => {
    for (const path of paths) await this.add(path);
  };
}

function worker(names: readonly string[] = []) {
  const all = new Map<string, Kept>(names.map((name) => [name, new Kept()]));
  const caches = {
    open: (name: string) => {
      const cache = all.get(name) ?? new Kept();
      all.set(name, cache);
      return Promise.resolve(cache);
    },
    match: async (url: string) => {
      for (const cache of all.values()) {
        const found = await cache.match(url);
        if (found !== undefined) return found;
      }
      return undefined;
    },
    has: (name: string) => Promise.resolve(all.has(name)),
    keys: () => Promise.resolve([...all.keys()]),
    delete: (name: string) => Promise.resolve(all.delete(name)),
  };
  const scope = { caches, location: { origin: ORIGIN } } as unknown as ConstructorParameters<typeof Shell>[0];
  return { shell: new Shell(scope, BUILD), all };
}

type Asked = Parameters<Shell['answer']>[0];

function asking(path: string, mode = 'cors', method = 'GET') {
  const doing: Promise<unknown>[] = [];
  const event = { request: { url: ORIGIN + path, mode, method }, waitUntil: (promise: Promise<unknown>) => doing.push(promise) } as unknown as Asked;
  return { event, done: () => Promise.all(doing) };
}

function network(answer: (path: string) => Response): void {
  vi.stubGlobal('fetch', (asked: string | { url: string }) => {
    const path = new URL(typeof asked === 'string' ? asked : asked.url, ORIGIN).pathname;
    return new Promise<Response>((resolve) => {
      resolve(answer(path));
    });
  });
}

const usual = (path: string): Response => new Response(path === '/courrier/' ? HTML : `of ${path}`);
const cut = (): Response => {
  throw new TypeError('network');
};

afterEach(() => vi.unstubAllGlobals());

describe('the page kept by the worker', () => {
  it('opens without a network, once it was there', async () => {
    network(usual);
    const { shell, all } = worker();
    await shell.fill();
    expect([...all.get('casier-shell-v2')!.pages.keys()].sort()).toEqual([
      '/courrier/', '/courrier/assets/a.js', '/courrier/assets/b.js', '/static/casier/icon.svg', '/theme.css',
    ]);
    network(cut);
    const text = async (path: string, mode?: string) => (await shell.answer(asking(path, mode).event))?.text();
    expect(await text('/courrier/boite', 'navigate')).toBe(HTML);
    expect(await text('/courrier/assets/b.js')).toBe('of /courrier/assets/b.js');
    expect(await text('/theme.css')).toBe('of /theme.css');
  });

  it('renews the colours beside a page that is kept, and keeps none alone: after a sign-out nothing begins again', async () => {
    network(usual);
    const { shell, all } = worker();
    expect(await (await shell.answer(asking('/theme.css').event))?.text()).toBe('of /theme.css');
    expect([...all.keys()]).toEqual([]);
    await shell.fill();
    network(() => new Response('new colours'));
    await shell.answer(asking('/theme.css').event);
    network(cut);
    expect(await (await shell.answer(asking('/theme.css').event))?.text()).toBe('new colours');
  });

  it('is not asked about anything personal', () => {
    const { shell } = worker();
    for (const path of ['/jmap/', '/jmap/download/a/b/c', '/api/me', '/images/x', '/events', '/static/other.css']) {
      expect(shell.answer(asking(path).event)).toBeNull();
    }
    expect(shell.answer(asking('/connexion/', 'navigate').event)).toBeNull();
    expect(shell.answer(asking('/courrier/', 'navigate', 'POST').event)).toBeNull();
  });

  it('comes from the network while that answers, and instead of a broken server', async () => {
    network(usual);
    const { shell } = worker();
    await shell.fill();
    network((path) => (path === '/courrier/' ? new Response('', { status: 302 }) : usual(path)));
    expect((await shell.answer(asking('/courrier/', 'navigate').event))?.status).toBe(302);
    network(() => new Response('down', { status: 503 }));
    expect(await (await shell.answer(asking('/courrier/', 'navigate').event))?.text()).toBe(HTML);
  });

  it('is not kept when it is that of another build', async () => {
    network((path) => (path === '/courrier/' ? new Response('<script src="/courrier/assets/new.js">') : usual(path)));
    const { shell, all } = worker();
    await shell.fill();
    expect(all.get('casier-shell-v2')!.pages.has('/courrier/')).toBe(false);
  });

  it('goes when it is old, but for the last one', async () => {
    const { shell, all } = worker(['casier-shell-v0', 'casier-shell-v1', 'other', 'casier-shell-v2']);
    await shell.dropOld();
    expect([...all.keys()]).toEqual(['casier-shell-v1', 'other', 'casier-shell-v2']);
  });
});

describe('keys held for a page that is loaded again', () => {
  it('are given once, for a short while', () => {
    let now = 0;
    let listener: (event: unknown) => void = () => undefined;
    const scope = { addEventListener: (_name: string, heard: typeof listener) => void (listener = heard) };
    holdKeys(scope as unknown as Parameters<typeof holdKeys>[0], () => now);
    const lend = (): unknown => {
      let given: unknown = 'nothing';
      listener({ data: { type: 'lend-keys' }, ports: [{ postMessage: (lent: unknown) => (given = lent) }] });
      return given;
    };
    listener({ data: { type: 'hold-keys', lent: 'keys' } });
    expect([lend(), lend()]).toEqual(['keys', null]);
    listener({ data: { type: 'hold-keys', lent: 'keys' } });
    now += 30_000;
    expect(lend()).toBeNull();
    listener({ data: { type: 'hold-keys', lent: 'keys' } });
    listener({ data: { type: 'hold-keys', lent: null } });
    expect(lend()).toBeNull();
  });
});
