/** Where the words of a search stand in a text: at the beginnings of words, whatever their accents and case. */

import { fold } from '../store/search/search-terms.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** More marks than this help nobody to find anything, and a page of one letter would be slow to draw. */
const AT_MOST = 500;

function flat(text: string): string {
  return fold(text).replaceAll('œ', 'oe').replaceAll('æ', 'ae');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&');
}

/** A plural is found in its singular too, as the engine finds it. */
function formOf(word: string): string {
  const parts = flat(word).split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '').map(escaped);
  const last = parts.pop() ?? '';
  const stem = last.length >= 5 && /[sx]$/u.test(last) ? `${last.slice(0, -1)}${last.slice(-1)}?` : last;
  return [...parts, stem].join('[^\\p{L}\\p{N}]+');
}

/** What finds these words, given as `wordsSought` gives them; null when there are none. */
export function patternOf(words: readonly string[]): RegExp | null {
  const forms = words.map(formOf).filter((form) => form !== '').sort((one, other) => other.length - one.length);
  return forms.length === 0 ? null : new RegExp(`(?<![\\p{L}\\p{N}])(?:${forms.join('|')})`, 'gu');
}

/** A text without accents, and where each of its letters stood. */
function flattened(text: string): { readonly plain: string; readonly at: (place: number) => number } {
  const plain = flat(text);
  if (plain.length === text.length && !/\p{M}/u.test(text)) return { plain, at: (place) => place };
  const places: number[] = [];
  let place = 0;
  for (const letter of text) {
    for (let each = flat(letter).length; each > 0; each -= 1) places.push(place);
    place += letter.length;
  }
  return { plain, at: (index) => places[index] ?? text.length };
}

export function foundIn(text: string, pattern: RegExp): readonly Span[] {
  const { plain, at } = flattened(text);
  return Array.from(plain.matchAll(pattern), (match) => ({ start: at(match.index), end: at(match.index + match[0].length) }));
}

function textsOf(root: Node): readonly Text[] {
  const texts: Text[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) texts.push(walker.currentNode as Text);
  return texts;
}

/** The same as ranges of a page. */
export function rangesIn(root: Node, pattern: RegExp): readonly Range[] {
  const ranges: Range[] = [];
  for (const text of textsOf(root)) {
    for (const { start, end } of foundIn(text.data, pattern)) {
      const range = document.createRange();
      range.setStart(text, start);
      range.setEnd(text, end);
      ranges.push(range);
      if (ranges.length >= AT_MOST) return ranges;
    }
  }
  return ranges;
}

/** Mark them in a mail that is already clean: its frame is closed to us, so the marks are part of its text. */
export function markFound(body: HTMLElement, pattern: RegExp): void {
  let left = AT_MOST;
  for (const text of textsOf(body)) {
    const spans = foundIn(text.data, pattern).slice(0, left);
    left -= spans.length;
    // The last first, so that the places of those before it hold.
    for (const { start, end } of spans.toReversed()) {
      const found = text.splitText(start);
      found.splitText(end - start);
      const mark = body.ownerDocument.createElement('mark');
      mark.className = 'casier-found';
      found.replaceWith(mark);
      mark.append(found);
    }
  }
}
