import { createElement, lazy } from 'react';

import type { Message, Row } from '../../store/types.ts';
import type { Feature } from '../../ui/features.tsx';

const Line = lazy(() => import('./Waiting.tsx').then((module) => ({ default: module.WaitingLine })));
const Returned = lazy(() => import('./Waiting.tsx').then((module) => ({ default: module.Returned })));
const Later = lazy(() => import('./Later.tsx').then((module) => ({ default: module.Later })));
const RowMark = lazy(() => import('./Marks.tsx').then((module) => ({ default: module.RowMark })));
const MessageMark = lazy(() => import('./Marks.tsx').then((module) => ({ default: module.MessageMark })));

/** Only drafts wait. */
const OnRow = ({ row }: { readonly row: Row }) => (row.draft ? createElement(RowMark, { row }) : null);
const OnMessage = ({ message }: { readonly message: Message }) => (message.draft ? createElement(MessageMark, { message }) : null);

/** Sending at a chosen time: the list of what waits, what came back, the drafts that wait, and the button of the composer. */
export const sendlater: Feature = {
  id: 'sendlater', Sidebar: Line, PageFoot: Returned, ComposerTools: Later, RowMarks: OnRow, MessageTop: OnMessage,
};
