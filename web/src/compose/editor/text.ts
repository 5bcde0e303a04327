/** From rich text to plain and back, for what one writes oneself. */

import { plainOf } from '../../store/words/plain.ts';

function escaped(line: string): string {
  return line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The lines of a plain text as the editor holds them; what is quoted by « > » becomes a quotation, as deep as it was. */
export function richOf(text: string): string {
  let html = '';
  let depth = 0;
  for (const line of text.split('\n')) {
    const marks = /^(?:> ?)*/.exec(line)?.[0] ?? '';
    const deep = marks.replace(/ /g, '').length;
    html += deep > depth ? '<blockquote>'.repeat(deep - depth) : '</blockquote>'.repeat(depth - deep);
    html += `<p>${escaped(line.slice(marks.length))}</p>`;
    depth = deep;
  }
  return html + '</blockquote>'.repeat(depth);
}

/** Lines of the editor stand close to each other in plain text too. */
export function textOf(html: string): string {
  return plainOf(html.replaceAll('<p>', '<p style="margin:0">').replaceAll('<p style="margin:0"></p>', '<p style="margin:0"><br></p>'));
}
