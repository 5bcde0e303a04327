import type { Build } from './build.ts';

const PREFIX = 'casier-shell-';
const PAGE = '/courrier/';
const ASSETS = '/courrier/assets/';
/** What the page wants beside its own files; the colours are the academy's. */
const BESIDE = ['/theme.css', '/static/casier/icon.svg'];
/** A network that says nothing for so long is none. */
const PATIENCE_MS = 5_000;

/**
 * Keep the page itself, so that it opens without a network: its HTML and its files, the same for everybody. What the
 * platform answers is never kept here; `store/copy/` keeps mail, encrypted.
 */
export function keepShell(scope: ServiceWorkerGlobalScope, build: Build): void {
  const shell = new Shell(scope, build);
  scope.addEventListener('install', (event) => event.waitUntil(shell.fill()));
  scope.addEventListener('activate', (event) => event.waitUntil(shell.dropOld()));
  scope.addEventListener('fetch', (event) => {
    const answer = shell.answer(event);
    if (answer !== null) event.respondWith(answer);
  });
}

export class Shell {
  private readonly scope: ServiceWorkerGlobalScope;
  private readonly build: Build;
  private readonly name: string;
  private filling: Promise<void> | null = null;

  constructor(scope: ServiceWorkerGlobalScope, build: Build) {
    this.scope = scope;
    this.build = build;
    this.name = PREFIX + build.version;
  }

  private open(): Promise<Cache> {
    return this.scope.caches.open(this.name);
  }

  /** Null: not ours, the browser asks by itself. */
  answer(event: FetchEvent): Promise<Response> | null {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== this.scope.location.origin) return null;
    if (request.mode === 'navigate') return pathname.startsWith(PAGE) ? this.page(event) : null;
    if (pathname.startsWith(ASSETS)) return this.kept(request);
    return BESIDE.includes(pathname) ? this.fresh(request, pathname) : null;
  }

  /** From the network as long as it answers: who isn't signed in is sent to the sign-in page by it. */
  private async page(event: FetchEvent): Promise<Response> {
    const asked = fetch(event.request);
    try {
      const answer = await this.soon(asked);
      if (answer.status >= 500) return (await this.keptPage()) ?? answer;
      if (answer.ok && !answer.redirected) event.waitUntil(this.fill());
      return answer;
    } catch {
      return (await this.keptPage()) ?? asked;
    }
  }

  private soon(asked: Promise<Response>): Promise<Response> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('slow')), PATIENCE_MS);
      asked.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  private async keptPage(): Promise<Response | undefined> {
    // Another build's page would ask for other files.
    return (await this.open()).match(PAGE);
  }

  /** A name of an asset is that of its content: whichever build kept it. */
  private async kept(request: Request): Promise<Response> {
    return (await this.scope.caches.match(request.url)) ?? fetch(request);
  }

  private async fresh(request: Request, path: string): Promise<Response> {
    try {
      const answer = await fetch(request);
      if (answer.ok) await this.renew(path, answer.clone());
      return answer;
    } catch (caught) {
      const kept = await this.scope.caches.match(path);
      if (kept === undefined) throw caught;
      return kept;
    }
  }

  /** Only beside a page that is kept: after a sign-out nothing is, and the sign-in page must not begin again. */
  private async renew(path: string, answer: Response): Promise<void> {
    if (await this.scope.caches.has(this.name)) await (await this.open()).put(path, answer);
  }

  /** Fetch what is missing: first what the page can't do without, then the rest, file by file. */
  fill(): Promise<void> {
    this.filling ??= this.fillNow()
      // Without a network, or with nobody signed in: the next visit goes on.
      .catch(() => undefined)
      .finally(() => {
        this.filling = null;
      });
    return this.filling;
  }

  private async fillNow(): Promise<void> {
    const cache = await this.open();
    const here = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
    const missing = (paths: readonly string[]) => paths.filter((path) => !here.has(path));
    await cache.addAll(missing([...this.build.shell.filter((path) => path !== PAGE), ...BESIDE]));
    if (!here.has(PAGE)) await this.fillPage(cache);
    for (const path of missing(this.build.later)) await cache.add(path);
  }

  private async fillPage(cache: Cache): Promise<void> {
    const answer = await fetch(PAGE, { credentials: 'same-origin', cache: 'no-cache' });
    if (!answer.ok || answer.redirected) return;
    const named = [...(await answer.clone().text()).matchAll(/"(\/courrier\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    const ours = new Set(this.build.shell);
    // The platform has a newer build than this worker's: that one's worker comes by itself.
    if (named.every((path) => ours.has(path))) await cache.put(PAGE, answer);
  }

  /** A page of the build before may still be open, and want files that the platform no longer has. */
  async dropOld(): Promise<void> {
    const old = (await this.scope.caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== this.name);
    await Promise.all(old.slice(0, -1).map((name) => this.scope.caches.delete(name)));
  }
}
