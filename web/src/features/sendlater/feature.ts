import { lazy } from 'react';

import type { Feature } from '../../ui/features.tsx';

const Line = lazy(() => import('./Waiting.tsx').then((module) => ({ default: module.WaitingLine })));
const Returned = lazy(() => import('./Waiting.tsx').then((module) => ({ default: module.Returned })));
const Later = lazy(() => import('./Later.tsx').then((module) => ({ default: module.Later })));

/** Sending at a chosen time: the list of what waits, what came back, and the button of the composer. */
export const sendlater: Feature = { id: 'sendlater', Sidebar: Line, PageTop: Returned, ComposerTools: Later };
