/** Plain text messages: levels of quotation, history, and lengths that no screen should draw at once. */

import { isForwarded, startsHistory } from './quotes.ts';

export interface TextBlock {
  /** 0 is the author's own words; 1 and more are what they quote. */
  readonly level: number;
  readonly text: string;
}

export interface TextMessage {
  readonly shown: readonly TextBlock[];
  /** What answers repeat, folded until asked for. */
  readonly history: readonly TextBlock[];
}

const QUOTED = /^((?:>\s?)+)/;
/** Line ends before the first words. What stands at an end is cut by `trimEnd`: a pattern tries anew at each sign of a long run. */
const FIRST_LINES = /^\n+/;

/** Read a plain text body. Line ends of any kind; a trailing history is told apart from the message. */
export function readText(text: string): TextMessage {
  const lines = text.replace(/\r\n?/g, '\n').trimEnd().split('\n');
  const start = historyLine(lines, text);
  return { shown: blocks(lines.slice(0, start)), history: blocks(lines.slice(start)) };
}

function historyLine(lines: readonly string[], text: string): number {
  if (isForwarded(text.slice(0, 4000))) return lines.length;
  let written = false;
  for (let at = 0; at < lines.length; at += 1) {
    if (written && startsHistory(lines, at) && !answersBelow(lines, at)) return at;
    if ((lines[at] ?? '').trim() !== '') written = true;
  }
  return trailingQuote(lines);
}

/** With « > » marks, words after the quotation mean an answer between the lines. */
function answersBelow(lines: readonly string[], at: number): boolean {
  const rest = lines.slice(at + 1);
  const firstQuote = rest.findIndex((line) => line.startsWith('>'));
  if (firstQuote < 0 || firstQuote > 4) return false;
  return rest.slice(firstQuote).some((line) => line.trim() !== '' && !line.startsWith('>'));
}

/** A quotation that ends the message without a word of introduction. */
function trailingQuote(lines: readonly string[]): number {
  let at = lines.length;
  while (at > 0 && (lines[at - 1]?.startsWith('>') === true || lines[at - 1]?.trim() === '')) at -= 1;
  const quoted = lines.slice(at).filter((line) => line.startsWith('>')).length;
  return at > 0 && quoted >= 3 ? at : lines.length;
}

function blocks(lines: readonly string[]): TextBlock[] {
  const found: { level: number; lines: string[] }[] = [];
  for (const line of lines) {
    const marks = QUOTED.exec(line)?.[1] ?? '';
    const level = marks.replace(/\s/g, '').length;
    const last = found.at(-1);
    if (last?.level === level) last.lines.push(line.slice(marks.length));
    else found.push({ level, lines: [line.slice(marks.length)] });
  }
  return found
    .map((block) => ({ level: block.level, text: block.lines.join('\n').replace(FIRST_LINES, '').trimEnd() }))
    .filter((block) => block.text !== '');
}

/** Cut a long text at a line end near `limit` characters; the rest is shown when asked. */
export function cutText(text: string, limit: number): { readonly head: string; readonly rest: string } {
  if (text.length <= limit) return { head: text, rest: '' };
  const end = text.lastIndexOf('\n', limit);
  const at = end > limit / 2 ? end : limit;
  return { head: text.slice(0, at), rest: text.slice(at) };
}
