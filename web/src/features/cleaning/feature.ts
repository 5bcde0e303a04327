import { BrushCleaning } from 'lucide-react';
import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';
import { CLEANING } from './sheets.ts';

/** How full the mailbox is, and what to do about it. */
export const cleaning: Feature = {
  id: 'cleaning',
  Sidebar: lazy(() => import('./RoomBar.tsx').then((module) => ({ default: module.RoomBar }))),
  acts: (page) => [
    {
      id: 'cleaning',
      label: page.language.locale === 'fr' ? 'Faire de la place' : 'Make room',
      group: page.language.words.settings.title,
      icon: BrushCleaning,
      run: () => page.show(CLEANING, { me: page.me }),
    },
  ],
};
