import { SlidersHorizontal } from 'lucide-react';
import { createElement, lazy } from 'react';

import { useRead } from '../../ui/client.tsx';
import { type Feature, sheet } from '../../ui/features.tsx';
import { actWords } from './words.ts';

/** For who doesn't type operators. */
export const SEARCH_FORM = sheet(() => import('./SearchForm.tsx').then((module) => module.SearchForm));

const FoundWords = lazy(() => import('./FoundWords.tsx').then((module) => ({ default: module.FoundWords })));

/** Loaded with the first search. */
function Marking() {
  const sought = useRead((store) => store.view().list?.search ?? null);
  return sought === null ? null : createElement(FoundWords, { search: sought });
}

export const search: Feature = {
  id: 'search',
  acts: ({ language, show }) => [
    { id: 'search-form', label: actWords[language.locale].form, group: language.words.search.title, icon: SlidersHorizontal, run: () => show(SEARCH_FORM, {}) },
  ],
  Sidebar: lazy(() => import('./SavedSearches.tsx').then((module) => ({ default: module.SavedSearches }))),
  Background: Marking,
};
