import { Bell } from 'lucide-react';
import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';

const Behind = lazy(() => import('./Behind.tsx').then((module) => ({ default: module.Behind })));

const Panel = lazy(() => import('./AlertsPanel.tsx').then((module) => ({ default: module.AlertsPanel })));

/** What other services of the academy tell, in the top bar; new mail told while nobody looks. */
export const notifications: Feature = {
  id: 'notifications',
  TopBar: lazy(() => import('./Bell.tsx').then((module) => ({ default: module.Bell }))),
  Background: Behind,
  settings: () => [
    {
      id: 'notifications',
      title: 'Notifications',
      icon: Bell,
      order: 40,
      Panel,
    },
  ],
};
