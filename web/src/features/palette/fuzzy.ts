import { fold } from '../../store/search/search-terms.ts';

/**
 * How well what is typed fits a line: higher is better, null when it doesn't. Each letter must come in order; letters
 * that begin words, or follow the one before, count more. Accents and case don't matter.
 */
export function fit(typed: string, line: string): number | null {
  const sought = fold(typed).replaceAll(/\s+/g, '');
  const text = fold(line);
  if (sought === '') return 0;
  const whole = text.indexOf(fold(typed).trim());
  if (whole >= 0) return 1000 - whole - text.length / 100 + (isStart(text, whole) ? 500 : 0);
  let score = 0;
  let from = 0;
  let last = -2;
  for (const letter of sought) {
    const at = nextOf(text, letter, from);
    if (at < 0) return null;
    score += at === last + 1 ? 8 : isStart(text, at) ? 6 : -1;
    last = at;
    from = at + 1;
  }
  // Letters scattered all over aren't what one meant.
  return score < sought.length ? null : score - text.length / 100;
}

function isStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');
}

/** The letter where a word begins with it, else right here, else anywhere further on. */
function nextOf(text: string, letter: string, from: number): number {
  if (text[from] === letter) return from;
  for (let at = from; at < text.length; at += 1) if (text[at] === letter && isStart(text, at)) return at;
  return text.indexOf(letter, from);
}
