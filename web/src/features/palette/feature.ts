import { Command } from 'lucide-react';
import { lazy } from 'react';

import { type Feature, sheet } from '../../ui/features.tsx';
import { KEYS } from '../../ui/keys.tsx';
import { actWords } from './words.ts';

const load = () => import('./Palette.tsx').then((module) => module.Palette);
const PALETTE = sheet(load);

/** One field for everything: acts, folders, labels, people, settings, recent conversations. */
export const palette: Feature = {
  id: 'palette',
  // Fetched once the page stands: who types on at once must not type into the page.
  Background: lazy(() => load().then(() => ({ default: () => null }))),
  acts: ({ language, show }) => [
    {
      id: 'palette', label: actWords[language.locale].palette, group: language.words.keys.moving, icon: Command,
      keys: KEYS.palette, typed: true, hidden: true, run: () => show(PALETTE, {}),
    },
  ],
};
