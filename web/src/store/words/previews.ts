import type { EmailId } from '../../wire/ids.ts';
import type { RawHead, RawMessage } from '../../wire/jmap-types.ts';

/** What one needs of a message to read its first words. */
export const FIRST_WORDS = {
  properties: ['id', 'textBody', 'bodyValues'],
  bodyProperties: ['partId', 'type'],
  fetchTextBodyValues: true,
  maxBodyValueBytes: 2_048,
} as const;

const LONGEST = 200;
const ASKED_AT_MOST = 5_000;

/**
 * Messages that came without first words: stored while what reads them was away, or without any text. Each is asked
 * for once.
 */
export class MissingPreviews {
  private readonly asked = new Set<EmailId>();

  /** Those of `heads` to be asked for now. */
  among(heads: readonly RawHead[]): readonly EmailId[] {
    if (this.asked.size > ASKED_AT_MOST) this.asked.clear();
    const missing = heads.filter(({ id, preview }) => preview === '' && !this.asked.has(id)).map(({ id }) => id);
    for (const id of missing) this.asked.add(id);
    return missing;
  }
}

/** The first words of a message; "" where it has no text. */
export function firstWords({ textBody = [], bodyValues = {} }: Partial<Pick<RawMessage, 'textBody' | 'bodyValues'>>): string {
  const part = textBody.find(({ partId }) => partId !== null && bodyValues[partId] !== undefined);
  const value = part?.partId == null ? '' : (bodyValues[part.partId]?.value ?? '');
  const text = part?.type === 'text/html' ? textOfPage(value) : value.replaceAll(/^>.*$/gmu, '');
  return text.replaceAll(/\s+/gu, ' ').trim().slice(0, LONGEST);
}

/** A parsed page runs and loads nothing until it is shown, and this one never is. */
function textOfPage(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const unseen of page.querySelectorAll('style, script, title')) unseen.remove();
  return page.body.textContent;
}
