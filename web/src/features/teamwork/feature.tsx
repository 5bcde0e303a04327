import { lazy } from 'react';

import type { ConversationView, Draft, Message, Row } from '../../store/types.ts';
import { useRead } from '../../ui/client.tsx';
import type { Feature } from '../../ui/features.tsx';

const drawn = () => import('./drawn.ts');
const Mark = lazy(() => drawn().then((module) => ({ default: module.RowMark })));
const Bar = lazy(() => drawn().then((module) => ({ default: module.TeamBar })));
const Watch = lazy(() => drawn().then((module) => ({ default: module.ComposerWatch })));
const Sent = lazy(() => drawn().then((module) => ({ default: module.OnBehalf })));

/** Whether several people open this mailbox. */
function useShared(account: string): boolean {
  return useRead((store) => store.accounts().some(({ id, personal }) => id === account && (!personal || store.me()?.lends === true)));
}

function isWorkedOn(row: Row): boolean {
  return row.keywords.some((keyword) => keyword.startsWith('casier-'));
}

function Marks({ row }: { readonly row: Row }) {
  return isWorkedOn(row) ? <Mark row={row} /> : null;
}

function Top({ view }: { readonly view: ConversationView }) {
  return useShared(view.account) ? <Bar view={view} /> : null;
}

function Above({ draft }: { readonly draft: Draft }) {
  return useShared(draft.account) && draft.content.origin?.kind === 'reply' ? <Watch draft={draft} email={draft.content.origin.email} /> : null;
}

function MessageTop({ message }: { readonly message: Message }) {
  return message.sender.length > 0 && message.sender[0]?.email !== message.from[0]?.email ? <Sent message={message} /> : null;
}

/** Several people at one mailbox: who sees to what, who is answering, who has answered. */
export const teamwork: Feature = {
  id: 'teamwork',
  RowMarks: Marks,
  marksOn: isWorkedOn,
  ConversationTop: Top,
  ComposerTop: Above,
  MessageTop,
  beforeSending: (page, draft) => import('./asking.ts').then(({ askBefore }) => askBefore(page, draft)),
};
