import { CloudOff } from 'lucide-react';
import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';

const Panel = lazy(() => import('./Panel.tsx').then((module) => ({ default: module.Panel })));

/** What this device keeps for the time without a network: what it says of it, and how one leaves without losing anything. */
export const offline: Feature = {
  id: 'offline',
  PageFoot: lazy(() => import('./Notices.tsx').then((module) => ({ default: module.Notices }))),
  Background: lazy(() => import('./Watch.tsx').then((module) => ({ default: module.Watch }))),
  settings: ({ language }) => [{ id: 'offline', title: language.locale === 'fr' ? 'Hors ligne' : 'Offline', icon: CloudOff, order: 45, Panel }],
};
