import { SlidersHorizontal } from 'lucide-react';
import { lazy } from 'react';

import { type Feature, sheet } from '../../ui/features.tsx';
import { actWords } from './words.ts';

/** For who doesn't type operators. */
export const SEARCH_FORM = sheet(() => import('./SearchForm.tsx').then((module) => module.SearchForm));

export const search: Feature = {
  id: 'search',
  acts: ({ language, show }) => [
    { id: 'search-form', label: actWords[language.locale].form, group: language.words.search.title, icon: SlidersHorizontal, run: () => show(SEARCH_FORM, {}) },
  ],
  Sidebar: lazy(() => import('./SavedSearches.tsx').then((module) => ({ default: module.SavedSearches }))),
};
