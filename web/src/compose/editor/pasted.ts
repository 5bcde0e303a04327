/**
 * What is pasted from other programs, made simple before the editor reads it.
 *
 * Word and Outlook write lists as paragraphs with a bullet typed in front, blank lines as paragraphs that hold a hard
 * space, and bring a style sheet along; LibreOffice and web mails end paragraphs with line breaks.
 */

const NEVER = 'style, script, title, meta, link, xml, template, noscript, object, iframe, svg, math, input, button, select, textarea';
/** « l0 level2 lfo1 »: a list item of Word's, and how deep it stands. */
const WORD_LIST = /mso-list:\s*\w+\s+level(\d)/i;
const NUMBERED = /^\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)°]/i;
const DEEPEST = 6;

interface Item {
  readonly element: Element;
  readonly depth: number;
  readonly ordered: boolean;
}

/** The lines of a plain text: each is a paragraph, those between them that are empty too. */
export function linesOf(text: string): readonly string[] {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
  return lines.map((line) => line.replace(/^[ \t]+/, lines.length > 1 ? indented : (blank) => blank));
}

export function simplified(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const element of body.querySelectorAll(NEVER)) element.remove();
  removeComments(body);
  wordLists(body);
  unwrap(body, 'o\\:p, font, center');
  headings(body);
  preformatted(body);
  brokenLinks(body);
  for (const element of body.querySelectorAll('p, div, li, td, th, h1, h2, h3')) tidyLine(element);
  return body.innerHTML;
}

function removeComments(body: Element): void {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (walker.nextNode() !== null) found.push(walker.currentNode);
  for (const comment of found) comment.parentNode?.removeChild(comment);
}

function unwrap(body: Element, selector: string): void {
  for (const element of body.querySelectorAll(selector)) element.replaceWith(...element.childNodes);
}

/** A title is a line in bold: messages have no sections. */
function headings(body: Element): void {
  for (const heading of body.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const line = body.ownerDocument.createElement('p');
    const bold = line.appendChild(body.ownerDocument.createElement('strong'));
    bold.append(...heading.childNodes);
    heading.replaceWith(line);
  }
}

/** A link that only its own page understands would lead nowhere from a message. */
function brokenLinks(body: Element): void {
  for (const link of body.querySelectorAll('a:not([href*=":"])')) link.replaceWith(...link.childNodes);
}

/** Lines that were laid out by hand keep their ends, and where they begin. */
function preformatted(body: Element): void {
  for (const block of body.querySelectorAll('pre')) {
    const lines = block.textContent.replace(/\n$/, '').split('\n');
    block.replaceWith(
      ...lines.map((text) => {
        const line = body.ownerDocument.createElement('p');
        line.textContent = text.replace(/^[ \t]+/, indented);
        return line;
      }),
    );
  }
}

function indented(blank: string): string {
  return blank.replaceAll('\t', '    ').replaceAll(' ', '\u00a0');
}

/** A hard space alone is an empty line; a break at the end of a line adds nothing to it. */
function tidyLine(line: Element): void {
  for (let last = line.lastChild; last !== null; last = line.lastChild) {
    const blank = last.nodeType === Node.TEXT_NODE && /^[ \t\r\n]*$/.test(last.textContent ?? '');
    if (!blank && last.nodeName !== 'BR') break;
    last.remove();
    if (!blank) break;
  }
  if (line.querySelector('img, table, ul, ol, p, div, br') === null && /^[\s\u00a0]*$/.test(line.textContent)) line.textContent = '';
}

function wordItem(element: Element): Item | null {
  const depth = WORD_LIST.exec(element.getAttribute('style') ?? '')?.[1];
  if (depth === undefined) return null;
  const marks = [...element.querySelectorAll('span')].filter((span) => /mso-list:\s*ignore/i.test(span.getAttribute('style') ?? ''));
  const mark = (marks[0]?.textContent ?? '').replace(/[\s\u00a0]+/g, '');
  for (const each of marks) each.remove();
  return { element, depth: Math.min(DEEPEST, Number(depth)), ordered: NUMBERED.test(mark) };
}

/** A list that is still being filled. */
interface Open {
  readonly list: Element;
  readonly depth: number;
  readonly ordered: boolean;
}

/** The lists that an item stands in: deeper ones end before it, and so does one of the other kind. */
function enclosing(lists: readonly Open[], { depth, ordered }: Item): readonly Open[] {
  return lists.filter((each) => each.depth < depth || (each.depth === depth && each.ordered === ordered));
}

function begin(lists: readonly Open[], { element, depth, ordered }: Item): readonly Open[] {
  const last = lists.at(-1);
  if (last?.depth === depth) return lists;
  const list = element.ownerDocument.createElement(ordered ? 'ol' : 'ul');
  if (last === undefined) element.before(list);
  else (last.list.lastElementChild ?? last.list).append(list);
  return [...lists, { list, depth, ordered }];
}

/** Paragraphs that Word means as a list become one; those that follow each other belong together. */
function wordLists(body: Element): void {
  let lists: readonly Open[] = [];
  for (const paragraph of body.querySelectorAll('p')) {
    const item = wordItem(paragraph);
    if (item === null) continue;
    const follows = lists.length > 0 && paragraph.previousElementSibling === lists[0]?.list;
    lists = begin(follows ? enclosing(lists, item) : [], item);
    const line = body.ownerDocument.createElement('li');
    line.appendChild(body.ownerDocument.createElement('p')).append(...paragraph.childNodes);
    lists.at(-1)?.list.append(line);
    paragraph.remove();
  }
}
