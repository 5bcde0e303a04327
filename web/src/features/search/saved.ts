import { sectionOf } from '../../store/choices.ts';
import type { Me, Store } from '../../store/types.ts';

export interface SavedSearch {
  readonly name: string;
  readonly text: string;
}

function isSaved(value: unknown): value is SavedSearch {
  return typeof value === 'object' && value !== null && 'name' in value && 'text' in value && typeof value.name === 'string' && typeof value.text === 'string';
}

/** The searches that a person has kept, in their order. */
export function savedSearches(me: Me | null): readonly SavedSearch[] {
  const kept = sectionOf(me, 'searches')['searches'];
  return Array.isArray(kept) ? kept.filter(isSaved) : [];
}

const RECENT_AT_MOST = 8;
const NOTE = 'searches';
/** For a page whose device keeps nothing. */
const here = new WeakMap<Store, readonly string[]>();

/** Searches made on this device: encrypted with all that it keeps. */
export async function recentSearches(store: Store): Promise<readonly string[]> {
  const kept = here.get(store) ?? (await store.copy()?.find(NOTE));
  return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
}

export async function rememberSearch(store: Store, text: string): Promise<void> {
  const asked = text.trim();
  if (asked.length < 2) return;
  const others = (await recentSearches(store)).filter((one) => one !== asked);
  const searches = [asked, ...others].slice(0, RECENT_AT_MOST);
  here.set(store, searches);
  store.copy()?.keep(NOTE, searches);
}
