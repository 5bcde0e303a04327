/**
 * Where the quoted history of an answer begins.
 *
 * Programs mark it in their own ways, some only by words; a forwarded message is what its sender wanted shown, so it
 * is never folded, and neither is a message that would have nothing left.
 */

const MARKED = [
  '.casier-quote',
  '.gmail_quote_container',
  '.gmail_quote',
  '#appendonsend',
  '#divRplyFwdMsg',
  '#mail-editor-reference-message-container',
  '#ms-outlook-mobile-body-separator-line',
  '.moz-cite-prefix',
  '.yahoo_quoted',
  '.protonmail_quote',
  '.tutanota_quote',
  '#x_divRplyFwdMsg',
  'blockquote[type=cite]',
  'div[style*="border-top: 1pt solid rgb(225, 225, 225)"]',
  'div[style*="border-top: 1pt solid rgb(181, 196, 223)"]',
  'blockquote',
].join(',');

const FORWARDED =
  /(?:message transféré|message réexpédié|forwarded message|début du message transféré|begin forwarded message)/i;

/** « Le … a écrit : », "On … wrote:" and the like, on one line or two. */
export const ATTRIBUTION =
  /^(?:(?:Le|On|Am|El|Il)\s[^\n]{4,250}?(?:\n[^\n]{0,120}?)?(?:a écrit|a écrit|écrivait|wrote|schrieb|escribió|ha scritto)(?:\s*:)?)\s*$/iu;

const SEPARATOR =
  /^\s*[-_–]{2,}\s*(?:message d['’]origine|message original|original message|e-?mail d['’]origine)\s*[-_–]{2,}\s*$/iu;

const HEADER_BLOCK =
  /^\s*\*?(?:De|From|Expéditeur)\s*\*?\s*:\*?[^\n]{2,200}\n(?:[^\n]{0,200}\n){0,2}?\s*\*?(?:Envoyé(?: le)?|Sent|Date|À|To)\s*\*?\s*:/iu;

/** True when the text at this line starts the history of a plain text message. */
export function startsHistory(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (SEPARATOR.test(line)) return true;
  if (HEADER_BLOCK.test(lines.slice(at, at + 4).join('\n'))) return true;
  const two = `${line}\n${lines[at + 1] ?? ''}`.trim();
  const quotedBelow = (from: number): boolean => {
    const next = lines.slice(from, from + 4).find((one) => one.trim() !== '');
    return next?.startsWith('>') === true;
  };
  if (ATTRIBUTION.test(line.trim())) return quotedBelow(at + 1);
  return ATTRIBUTION.test(two) && quotedBelow(at + 2);
}

/** True when a plain text forwards another: its history is its content. */
export function isForwarded(text: string): boolean {
  return FORWARDED.test(text);
}

/**
 * Take the history out of a body. Changes the body in place; returns false, changing nothing, when there is none to
 * fold: unmarked, forwarded, answered between the lines, or nothing else in the message.
 */
export function foldHistory(body: HTMLElement): boolean {
  const start = historyStart(body);
  if (start === null) return false;
  if (FORWARDED.test((start.textContent ?? '').slice(0, 400))) return false;
  const range = body.ownerDocument.createRange();
  range.setStartBefore(start);
  range.setEndAfter(body.lastChild ?? start);
  const before = body.ownerDocument.createRange();
  before.setStart(body, 0);
  before.setEndBefore(start);
  if (!saysSomething(before.cloneContents())) return false;
  if (answeredBelow(start, body)) return false;
  range.deleteContents();
  return true;
}

function historyStart(body: HTMLElement): Node | null {
  const marked = body.querySelector(MARKED);
  const worded = wordedStart(body);
  const first = earlier(marked, worded);
  return first === null ? null : withAttribution(first);
}

function earlier(one: Element | null, other: Element | null): Element | null {
  if (one === null || other === null) return one ?? other;
  if (other.contains(one)) return other;
  return one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING ? other : one;
}

/** Outlook and phones only write words: « De : … Envoyé : … », « -----Message d'origine----- ». */
function wordedStart(body: HTMLElement): Element | null {
  const reading = { left: MOST_READ };
  for (const element of body.querySelectorAll('p, div, span, font, b')) {
    const text = blockText(element, reading);
    if (reading.left <= 0) return null;
    if (text.length > 1500) continue;
    if (SEPARATOR.test(text.split('\n')[0] ?? '') || HEADER_BLOCK.test(text)) return element;
  }
  return null;
}

/** Nodes: empty ones below each other by the thousand would be read again and again. */
const MOST_READ = 200_000;

/** Text with its line breaks: `textContent` alone runs lines together. */
function blockText(element: Element, reading: { left: number }): string {
  let text = '';
  const walk = (node: Node): void => {
    reading.left -= 1;
    if (text.length > 1600 || reading.left <= 0) return;
    if (node.nodeType === Node.TEXT_NODE) text += (node.nodeValue ?? '').replace(/\s+/g, ' ');
    else if (node.nodeName === 'BR') text += '\n';
    else {
      node.childNodes.forEach(walk);
      if (/^(?:P|DIV|TR|LI)$/.test(node.nodeName)) text += '\n';
    }
  };
  walk(element);
  return text.replace(/^\s+/, '');
}

/** The line « Le … a écrit : » just before a quotation belongs to it. */
function withAttribution(start: Element): Node {
  let previous: Node | null = start.previousSibling;
  let first: Node = start;
  for (let steps = 0; previous !== null && steps < 6; steps += 1) {
    const text = (previous.textContent ?? '').trim();
    if (text !== '' && !ATTRIBUTION.test(text.replace(/\s+/g, ' '))) break;
    if (text !== '') return previous;
    first = previous.nodeName === 'BR' ? first : previous;
    previous = previous.previousSibling;
  }
  return first.nodeType === Node.TEXT_NODE ? start : first;
}

function saysSomething(fragment: DocumentFragment): boolean {
  return fragment.textContent.trim() !== '' || fragment.querySelector('img[src]') !== null;
}

/** Words after the quotation, outside it, mean that the person answered below or between: all of it is the message. */
function answeredBelow(start: Node, body: HTMLElement): boolean {
  const quote = start.nodeName === 'BLOCKQUOTE' ? start : nextQuote(start);
  if (quote === null) return false;
  const after = body.ownerDocument.createRange();
  after.setStartAfter(quote);
  after.setEndAfter(body.lastChild ?? quote);
  const text = after.cloneContents().textContent.trim();
  return text.length > 0 && !/^--\s/.test(text) && !/^(?:envoyé depuis|sent from)/i.test(text);
}

function nextQuote(start: Node): Node | null {
  for (let node = start.nextSibling; node !== null; node = node.nextSibling) {
    if (node.nodeName === 'BLOCKQUOTE') return node;
  }
  return null;
}
