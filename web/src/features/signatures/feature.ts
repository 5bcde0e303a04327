import { PenLine } from 'lucide-react';
import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';

const Panel = lazy(() => import('./WritingPanel.tsx').then((module) => ({ default: module.WritingPanel })));

/** From which address one writes, what stands below, and how. */
export const signatures: Feature = {
  id: 'signatures',
  settings: ({ language }) => [
    { id: 'writing', title: language.locale === 'fr' ? 'Rédaction et signatures' : 'Writing and signatures', icon: PenLine, order: 20, Panel },
  ],
};
