/** What is worth a question before a message leaves. */

import type { Draft } from '../store/types.ts';

const SPOKEN_OF =
  /(?<![\p{L}\p{N}])(pi[eè]ces? jointes?|ci-joint(?:e?s?)?|en pj|fichiers? joints?|documents? joints?|jointe?s? à ce (?:message|courriel|mail)|en pièces? jointes?|je (?:vous |te )?joins|vous trouverez joint|attached|attachments?|enclosed)(?![\p{L}\p{N}])/iu;

/** The words by which the text announces a file, or null. What is quoted from others doesn't count. */
export function announcedFile(text: string): string | null {
  return SPOKEN_OF.exec(text)?.[1] ?? null;
}

export type Question = { readonly kind: 'no-subject' } | { readonly kind: 'forgotten'; readonly word: string };
export type Obstacle = 'no-recipient' | 'uploading';

export function obstacleTo(draft: Draft): Obstacle | null {
  const { to, cc, bcc } = draft.content;
  if (to.length + cc.length + bcc.length === 0) return 'no-recipient';
  return draft.uploads.some((upload) => upload.problem === null) ? 'uploading' : null;
}

export function questionsBefore(draft: Draft, written: string): readonly Question[] {
  const found: Question[] = [];
  if (draft.content.subject.trim() === '') found.push({ kind: 'no-subject' });
  const files = draft.content.attachments.some((file) => !file.inline);
  const word = files ? null : (announcedFile(draft.content.subject) ?? announcedFile(written));
  if (word !== null) found.push({ kind: 'forgotten', word });
  return found;
}
