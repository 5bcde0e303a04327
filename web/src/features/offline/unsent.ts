import type { Store } from '../../store/types.ts';

/** What the server doesn't have yet. */
export interface Unsent {
  readonly drafts: number;
  readonly messages: number;
  readonly changes: number;
  readonly files: number;
}

/** Counted as the person sees it: a draft that is on its way out is a message. */
export function unsentIn(store: Pick<Store, 'drafts' | 'outgoing' | 'pending'>): Unsent {
  const leaving = new Set(store.outgoing().flatMap(({ draft, state }) => (state.kind === 'preparing' ? [draft] : [])));
  const drafts = store.drafts();
  return {
    drafts: drafts.filter(({ key, state }) => state !== 'new' && state !== 'saved' && !leaving.has(key)).length,
    messages: leaving.size,
    changes: store.pending(),
    files: drafts.reduce((sum, { uploads }) => sum + uploads.length, 0),
  };
}

export function isNothing({ drafts, messages, changes, files }: Unsent): boolean {
  return drafts + messages + changes + files === 0;
}

/** More than this nobody waits at a page that says goodbye. */
const TRIES = 12;
const STEP_MS = 300;

/** Send what waits, as long as there is hope. */
export async function sendAll(store: Pick<Store, 'drafts' | 'outgoing' | 'pending'>, send: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < TRIES && !isNothing(unsentIn(store)); tries += 1) {
    await send();
    if (isNothing(unsentIn(store))) return;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
