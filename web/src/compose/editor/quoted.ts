export { splitDraft } from '../../store/presence/dress.ts';

/** The words of a piece of HTML, read without drawing it. */
export function wordsOf(html: string): string {
  const document = new DOMParser().parseFromString(html.replace(/<\/(?:p|li|div|td|th)>|<br>/gi, ' $&'), 'text/html');
  return document.body.textContent;
}
