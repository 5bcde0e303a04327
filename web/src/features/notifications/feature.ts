import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';

/** What other services of the academy tell, in the top bar. */
export const notifications: Feature = {
  id: 'notifications',
  TopBar: lazy(() => import('./Bell.tsx').then((module) => ({ default: module.Bell }))),
};
