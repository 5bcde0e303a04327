/** How many parts of a message are drawn at once: each has a frame of its own, and a message may have thousands. */

import type { BodyPart } from '../store/types.ts';

const PARTS = 12;
const MARKS = 20_000;
/** So many signs of text cost what a mark of HTML does. */
const SIGNS = 20;

/** The count that is drawn after the reader has asked ASKED times for more. The first is always there: it's weighed by itself. */
export function drawnAtOnce(parts: readonly BodyPart[], asked: number): number {
  let left = MARKS * (asked + 1);
  const most = PARTS * (asked + 1);
  const over = parts.findIndex((part, at) => {
    left -= costOf(part);
    return at >= most || (at > asked && left < 0);
  });
  return over < 0 ? parts.length : over;
}

function costOf(part: BodyPart): number {
  if (part.kind === 'picture') return 1;
  return part.kind === 'html' ? part.value.split('<').length : part.value.length / SIGNS;
}
