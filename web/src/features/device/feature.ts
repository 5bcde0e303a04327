import { MonitorSmartphone } from 'lucide-react';
import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';
import { keepOffer } from './launching.ts';

keepOffer();

const Panel = lazy(() => import('./Panel.tsx').then((module) => ({ default: module.Panel })));

/** The page as an application of this device: installed, with a badge, called for addresses to write to. */
export const device: Feature = {
  id: 'device',
  Background: lazy(() => import('./Standing.tsx').then((module) => ({ default: module.Standing }))),
  settings: ({ language }) => [{ id: 'device', title: language.locale === 'fr' ? 'Cet appareil' : 'This device', icon: MonitorSmartphone, order: 44, Panel }],
};
