import { lazy, useState } from 'react';

import type { Message } from '../../store/types.ts';
import type { Feature } from '../../ui/features.tsx';

const Marks = lazy(() => import('./Marks.tsx').then((module) => ({ default: module.Marks })));

/** Importance, and whether the sender shall be told that the message was read. Nothing is loaded for most messages. */
function Top({ message }: { readonly message: Message }) {
  const [asked, setAsked] = useState(false);
  // Once asked here, it stays to say what was answered.
  if (!asked && message.receiptTo.length > 0 && !message.receiptAnswered && !message.draft) setAsked(true);
  return asked || message.priority !== 'normal' ? <Marks message={message} asked={asked} /> : null;
}

export const receipts: Feature = { id: 'receipts', MessageTop: Top };
