/** What is worth a question before a message leaves. */

import type { Address, Draft, DraftContent } from '../store/types.ts';
import { withPeople } from './recipients/addresses.ts';
import { isOutside } from './recipients/known.ts';
import { openField } from './editor/openfields.ts';

const SPOKEN_OF =
  /(?<![\p{L}\p{N}])(pi[eè]ces? jointes?|ci-joint(?:e?s?)?|en pj|fichiers? joints?|documents? joints?|jointe?s? à ce (?:message|courriel|mail)|en pièces? jointes?|je (?:vous |te )?joins|vous trouverez joint|attached|attachments?|enclosed)(?![\p{L}\p{N}])/iu;

/** The words by which the text announces a file, or null. What is quoted from others doesn't count. */
export function announcedFile(text: string): string | null {
  return SPOKEN_OF.exec(text)?.[1] ?? null;
}

/** What a feature asks about, in its own words. */
export interface Doubt {
  readonly title: string;
  readonly text: string;
}

export type Question =
  | { readonly kind: 'no-subject' }
  | { readonly kind: 'forgotten'; readonly word: string }
  | { readonly kind: 'open-field'; readonly field: string }
  | ({ readonly kind: 'feature' } & Doubt)
  | ({ readonly kind: 'in-sight' } & InSight)
  | { readonly kind: 'outside'; readonly first: boolean; readonly people: readonly Address[] };
export type Obstacle = 'no-recipient' | 'uploading' | 'sensitive-files';

/** What keeps a message from leaving. A draft that another program made may be sensitive and hold files. */
export function obstacleTo(draft: Draft): Obstacle | null {
  const { to, cc, bcc } = draft.content;
  if (to.length + cc.length + bcc.length === 0) return 'no-recipient';
  if (draft.uploads.some((upload) => upload.problem === null)) return 'uploading';
  const { attachments, sensitive } = draft.content;
  return sensitive === true && attachments.some(({ inline }) => !inline) ? 'sensitive-files' : null;
}

/** What decides whether writing outside is asked about. */
export interface Outside {
  readonly mode: 'show' | 'first' | 'always';
  readonly domains: readonly string[];
  /** Addresses one has written to, and those of the conversation, in small letters. */
  readonly known: ReadonlySet<string>;
}

export function outsiders(draft: Draft, domains: readonly string[]): readonly Address[] {
  const { to, cc, bcc } = draft.content;
  return [...to, ...cc, ...bcc].filter(({ email }) => isOutside(email, domains));
}

function askedAbout(draft: Draft, { mode, domains, known }: Outside): readonly Address[] {
  const people = outsiders(draft, domains);
  if (mode === 'show') return [];
  return mode === 'always' ? people : people.filter(({ email }) => !known.has(email.toLowerCase()));
}

/** So many people may see each other's addresses before one is asked; of those outside, whom no directory shows, fewer. */
export const MANY_IN_SIGHT = 20;
export const MANY_OUTSIDE_IN_SIGHT = 10;

/** How many would see each other's addresses, and whether it is an answer that goes to all of them. */
export interface InSight {
  readonly count: number;
  readonly answer: boolean;
}

type Recipients = Pick<DraftContent, 'to' | 'cc' | 'bcc'>;

function tooManyInSight({ to, cc }: Pick<DraftContent, 'to' | 'cc'>, domains: readonly string[]): number | null {
  const people = withPeople(to, cc);
  const outside = people.filter(({ email }) => isOutside(email, domains));
  return people.length > MANY_IN_SIGHT || outside.length > MANY_OUTSIDE_IN_SIGHT ? people.length : null;
}

/** Everyone among the blind copies; of an answer those alone who only got copies, while whom one answers are few. */
export function outOfSight({ to, cc, bcc, inReplyTo }: DraftContent, domains: readonly string[]): Recipients {
  const staying = inReplyTo.length > 0 && tooManyInSight({ to, cc: [] }, domains) === null ? to : [];
  const here = new Set(staying.map(({ email }) => email.toLowerCase()));
  const moved = [...to, ...cc].filter(({ email }) => !here.has(email.toLowerCase()));
  return { to: staying, cc: [], bcc: withPeople(bcc, moved) };
}

export function questionsBefore(draft: Draft, written: string, outside: Outside): readonly Question[] {
  const found: Question[] = [];
  if (draft.content.subject.trim() === '') found.push({ kind: 'no-subject' });
  const files = draft.content.attachments.some((file) => !file.inline);
  const word = files ? null : (announcedFile(draft.content.subject) ?? announcedFile(written));
  if (word !== null) found.push({ kind: 'forgotten', word });
  const field = openField(draft.content.subject) ?? openField(written);
  if (field !== null) found.push({ kind: 'open-field', field });
  const count = tooManyInSight(draft.content, outside.domains);
  if (count !== null) found.push({ kind: 'in-sight', count, answer: draft.content.inReplyTo.length > 0 });
  const people = askedAbout(draft, outside);
  if (people.length > 0) found.push({ kind: 'outside', first: outside.mode === 'first', people });
  return found;
}
