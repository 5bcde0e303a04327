import { UserCog } from 'lucide-react';
import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';

/** One's mailbox opened to colleagues, and theirs to oneself. */
export const delegation: Feature = {
  id: 'delegation',
  settings: ({ language }) => [
    {
      id: 'delegation',
      title: language.locale === 'fr' ? 'Délégation' : 'Delegation',
      icon: UserCog,
      order: 45,
      Panel: lazy(() => import('./DelegationPanel.tsx').then((module) => ({ default: module.DelegationPanel }))),
    },
  ],
  Background: lazy(() => import('./Using.tsx').then((module) => ({ default: module.Using }))),
};
