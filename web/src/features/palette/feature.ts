import { Command } from 'lucide-react';

import { type Feature, sheet } from '../../ui/features.tsx';
import { KEYS } from '../../ui/keys.tsx';
import { actWords } from './words.ts';

const PALETTE = sheet(() => import('./Palette.tsx').then((module) => module.Palette));

/** One field for everything: acts, folders, labels, people, settings, recent conversations. */
export const palette: Feature = {
  id: 'palette',
  acts: ({ language, show }) => [
    {
      id: 'palette', label: actWords[language.locale].palette, group: language.words.keys.moving, icon: Command,
      keys: KEYS.palette, hidden: true, run: () => show(PALETTE, {}),
    },
  ],
};
