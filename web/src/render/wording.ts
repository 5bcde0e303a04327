/** The words of an HTML text, read without drawing it. */

import { isDeep } from './weight.ts';

const ENDS_LINE = /<br\s*\/?>|<\/(?:p|div|tr|li|h\d)>/gi;
/** Every mark but those of what isn't read as words. */
const MARKS = /<\/?(?!(?:style|script|title|br)\b)[a-z][^<>]*>/gi;

export function wordsIn(html: string): string {
  const lines = html.replace(ENDS_LINE, '\n$&');
  // A page is put together in time that grows with the square of its depth: without its boxes it has none.
  const flat = isDeep(html) ? lines.replace(MARKS, ' ') : lines;
  const page = new DOMParser().parseFromString(flat, 'text/html');
  for (const hidden of page.querySelectorAll('style, script, title')) hidden.remove();
  return page.body.textContent.replace(/[ \t]+/g, ' ').replace(/\n\s*\n\s*/g, '\n\n');
}
