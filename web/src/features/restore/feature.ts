import { History } from 'lucide-react';
import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';
import { RESTORE } from './sheets.ts';

const places = () => import('./Places.tsx');

/** What was deleted for good comes back, as long as the store keeps it. */
export const restore: Feature = {
  id: 'restore',
  ListTop: lazy(() => places().then((module) => ({ default: module.BelowTrash }))),
  ListEmpty: lazy(() => places().then((module) => ({ default: module.BelowNothing }))),
  acts: (page) => [
    {
      id: 'restore',
      label: page.language.locale === 'fr' ? 'Retrouver des messages supprimés' : 'Find deleted messages',
      group: page.language.words.settings.title,
      icon: History,
      run: () => page.show(RESTORE, { me: page.me }),
    },
  ],
  settings: (page) => [
    {
      id: 'restore', title: page.language.locale === 'fr' ? 'Messages supprimés' : 'Deleted messages', icon: History, order: 60,
      Panel: lazy(() => places().then((module) => ({ default: module.RestorePanel }))),
    },
  ],
};
