import { sectionOf } from '../../store/choices.ts';
import type { Me } from '../../store/types.ts';

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

/** Searches made on this device; a shared computer keeps none. */
export function recentSearches(me: Me): readonly string[] {
  if (me.sharedComputer) return [];
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(`casier.searches.${me.account}`) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberSearch(me: Me, text: string): void {
  const asked = text.trim();
  if (me.sharedComputer || asked.length < 2) return;
  const others = recentSearches(me).filter((one) => one !== asked);
  try {
    localStorage.setItem(`casier.searches.${me.account}`, JSON.stringify([asked, ...others].slice(0, RECENT_AT_MOST)));
  } catch {
    // A browser that keeps nothing.
  }
}

export function forgetSearches(me: Me): void {
  try {
    localStorage.removeItem(`casier.searches.${me.account}`);
  } catch {
    // Nothing was kept.
  }
}
