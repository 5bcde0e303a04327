import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';

/** What the IT department tells, above the mail. */
export const announcements: Feature = {
  id: 'announcements',
  PageTop: lazy(() => import('./Announcements.tsx').then((module) => ({ default: module.Announcements }))),
};
