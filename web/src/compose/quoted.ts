/**
 * A draft is what one writes, then what one answers or passes on.
 *
 * The second part is kept as it came, outside the editor: an editor would flatten its tables, and a long one would make
 * each key slow. It can be moved into the editor to be answered between the lines.
 */

const MARK =
  /(?:<p>[^<]{0,300}(?:a écrit|wrote)[^<]{0,6}<\/p>\s*)?<blockquote type="cite"|<p>-{6,} (?:Message transféré|Forwarded message)/iu;

export interface Split {
  readonly own: string;
  readonly quoted: string;
}

export function splitDraft(html: string): Split {
  const at = html.search(MARK);
  return at < 0 ? { own: html, quoted: '' } : { own: html.slice(0, at), quoted: html.slice(at) };
}

/** The words of a piece of HTML, read without drawing it. */
export function wordsOf(html: string): string {
  const document = new DOMParser().parseFromString(html.replace(/<\/(?:p|li|div)>|<br>/gi, ' $&'), 'text/html');
  return document.body.textContent;
}
