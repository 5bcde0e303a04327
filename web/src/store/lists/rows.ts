import type { EmailId, ThreadId } from '../../wire/ids.ts';

/** One place of a list: a message that is here, or a hole to be filled when it is looked at. */
export type Place = EmailId | undefined;

export interface Dated {
  readonly id: EmailId;
  readonly threadId: ThreadId;
  readonly receivedAt: string;
}

export type Lookup = (id: EmailId) => Dated | undefined;

/** Where the newest-first order wants a message, and whether that is sure (holes around may hide its true place). */
export function placeByDate(places: readonly Place[], email: Dated, lookup: Lookup): { readonly index: number; readonly sure: boolean } {
  let after = 0;
  for (let index = 0; index < places.length; index += 1) {
    const id = places[index];
    const known = id === undefined ? undefined : lookup(id);
    if (known === undefined) continue;
    if (known.receivedAt < email.receivedAt) return { index: after, sure: after === index };
    after = index + 1;
  }
  return { index: after, sure: after === places.length };
}

/**
 * Put a conversation's newest message where it belongs, in place of the message that stood for it.
 * `head` undefined takes the conversation out. A message whose place can't be known becomes a hole.
 */
export function placeThread(places: Place[], standing: EmailId | undefined, head: Dated | undefined, lookup: Lookup): void {
  const at = standing === undefined ? -1 : places.indexOf(standing);
  if (head !== undefined && standing === head.id && at >= 0) return;
  if (at >= 0) places.splice(at, 1);
  if (head === undefined) return;
  const { index, sure } = placeByDate(places, head, lookup);
  places.splice(index, 0, sure ? head.id : undefined);
}

/** Write what the server listed from `position` on; a message seen elsewhere before had moved, and leaves a hole there. */
export function writeWindow(places: Place[], position: number, ids: readonly EmailId[]): void {
  const fresh = new Set(ids);
  for (let index = 0; index < places.length; index += 1) {
    const id = places[index];
    const inside = index >= position && index < position + ids.length;
    if (id !== undefined && !inside && fresh.has(id)) places[index] = undefined;
  }
  while (places.length < position + ids.length) places.push(undefined);
  ids.forEach((id, offset) => {
    places[position + offset] = id;
  });
}

/** Make the list as long as the server says: holes come and go at the end. */
export function resize(places: Place[], length: number): void {
  if (places.length > length) places.length = length;
  while (places.length < length) places.push(undefined);
}

/** After a change that couldn't be followed: keep the rows up to the first hole, since only their place is sure. */
export function distrustAfterHole(places: Place[]): void {
  const hole = places.indexOf(undefined);
  if (hole >= 0) places.fill(undefined, hole);
}

/** The first run of holes among the rows `first`…`last`, both included; null when all are here. */
export function firstGap(
  places: readonly Place[],
  first: number,
  last: number,
  missing: (place: Place) => boolean,
): { readonly first: number; readonly last: number } | null {
  const end = Math.min(last, places.length - 1);
  let start = Math.max(first, 0);
  while (start <= end && !missing(places[start])) start += 1;
  if (start > end) return null;
  let stop = end;
  while (stop > start && !missing(places[stop])) stop -= 1;
  return { first: start, last: stop };
}
