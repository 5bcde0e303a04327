/** The words of an HTML text, read without drawing it. */

import { isDeep } from './weight.ts';

/** Lines begin with their boxes: many of these are never closed. */
const LINE = /<br\s*\/?>|<(?:p|div|tr|li|h\d|blockquote)\b|<\/(?:p|div|h\d|ul|ol|table)>(?=\s*[^\s<])/gi;
const CELL = /<t[dh]\b/gi;
/** Every mark but those of what isn't read as words. */
const MARKS = /<\/?(?!(?:style|script|title|br)\b)[a-z][^<>]*>/gi;

export function wordsIn(html: string): string {
  const lines = html.replace(LINE, '\n$&').replace(CELL, ' $&');
  // A page is put together in time that grows with the square of its depth: without its boxes it has none.
  const flat = isDeep(html) ? lines.replace(MARKS, ' ') : lines;
  const page = new DOMParser().parseFromString(flat, 'text/html');
  for (const hidden of page.querySelectorAll('style, script, title')) hidden.remove();
  return page.body.textContent.replace(/[ \t]+/g, ' ').replace(/\n\s*\n\s*/g, '\n\n');
}
