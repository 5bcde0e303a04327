/** Elements that stand on lines of their own. */
const BLOCKS = new Set([
  'ADDRESS', 'ARTICLE', 'BLOCKQUOTE', 'DIV', 'DL', 'FIGURE', 'FOOTER', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'HEADER', 'HR',
  'LI', 'OL', 'P', 'PRE', 'SECTION', 'TABLE', 'TR', 'UL',
]);
const SPACED = new Set(['P', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'BLOCKQUOTE', 'UL', 'OL', 'TABLE', 'PRE']);
const SKIPPED = new Set(['HEAD', 'SCRIPT', 'STYLE', 'TEMPLATE', 'TITLE']);

/** Lines of the editor stand close to each other, and say so. */
function isSpaced(element: Element): boolean {
  return SPACED.has(element.tagName) && element.closest('td,th') === null && element.getAttribute('style') !== 'margin:0';
}

/** A pattern for the end would be tried anew at each line of a long run. */
function withoutOuterLines(text: string): string {
  let [start, end] = [0, text.length];
  while (text[start] === '\n') start += 1;
  while (end > start && text[end - 1] === '\n') end -= 1;
  return text.slice(start, end);
}

function lineOf(element: Element, inside: string): string {
  const { tagName } = element;
  const text = withoutOuterLines(inside);
  switch (tagName) {
    case 'BLOCKQUOTE':
      return text.split('\n').map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd())).join('\n');
    case 'LI': {
      const ordered = element.parentElement?.tagName === 'OL';
      const number = [...(element.parentElement?.children ?? [])].indexOf(element) + 1;
      return `${ordered ? `${number}.` : '-'} ${text.replaceAll('\n', '\n  ')}`;
    }
    case 'HR':
      return '---';
    default:
      return text;
  }
}

function linkText(element: Element, inside: string): string {
  const href = element.getAttribute('href') ?? '';
  const same = href === inside.trim() || href === `mailto:${inside.trim()}` || !/^https?:/i.test(href);
  return same ? inside : `${inside} <${href}>`;
}

function textOf(node: Node, preformatted: boolean): string {
  if (node.nodeType === Node.TEXT_NODE) {
    const text = node.textContent ?? '';
    return preformatted ? text : text.replace(/[ \t\r\n]+/g, ' ');
  }
  return node.nodeType === Node.ELEMENT_NODE ? elementText(node as Element, preformatted) : '';
}

/** 10³ isn't 103: numbers keep their height where letters have one for them. */
function shifted(text: string, digits: string): string {
  return /^\d+$/.test(text) ? text.replace(/\d/g, (digit) => digits[Number(digit)] ?? digit) : text;
}

function elementText(element: Element, preformatted: boolean): string {
  const { tagName } = element;
  if (SKIPPED.has(tagName)) return '';
  if (tagName === 'BR') return '\n';
  const inside = childrenText(element, preformatted || tagName === 'PRE');
  switch (tagName) {
    case 'A':
      return linkText(element, inside);
    case 'TD':
    case 'TH':
      return `${inside.trim().replaceAll('\n', ' ')}${element.nextElementSibling === null ? '' : ' | '}`;
    case 'SUP':
    case 'SUB':
      return shifted(inside, tagName === 'SUP' ? '⁰¹²³⁴⁵⁶⁷⁸⁹' : '₀₁₂₃₄₅₆₇₈₉');
    case 'IMG':
      return (element.getAttribute('alt') ?? '') === '' ? '' : `[${element.getAttribute('alt') ?? ''}]`;
    default:
      return inside;
  }
}

function childrenText(element: Element, preformatted: boolean): string {
  let text = '';
  for (const child of element.childNodes) {
    const inside = textOf(child, preformatted);
    const tag = 'tagName' in child ? (child as Element).tagName : '';
    if (!BLOCKS.has(tag)) {
      text += text === '' || text.endsWith('\n') ? inside.replace(/^ /, '') : inside;
      continue;
    }
    if (text !== '' && !text.endsWith('\n')) text = `${text.trimEnd()}\n`;
    text += `${lineOf(child as Element, inside)}\n${isSpaced(child as Element) ? '\n' : ''}`;
  }
  return text;
}

/** The plain text twin of what the editor holds (RFC 3676 readers and search need one). Nothing of the text is run. */
export function plainOf(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return childrenText(body, false).replace(/[ \t]+\n/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
}
