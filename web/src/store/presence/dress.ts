import type { DraftContent } from '../types.ts';

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

/** By this class a signature is found again when the draft is opened later. */
export const SIGNATURE_CLASS = 'casier-signature';

/** Looks that other programs would give otherwise: theirs part lines, draw no borders, let pictures run out of the page. */
const LOOKS: readonly (readonly [string, string])[] = [
  ['p', 'margin:0'],
  ['ul,ol', 'margin:4px 0'],
  ['blockquote', 'margin:4px 0;padding-left:10px;border-left:2px solid #b9bdc3'],
  ['table', 'border-collapse:collapse'],
  ['td,th', 'border:1px solid #8c9198;padding:4px 8px;vertical-align:top;text-align:left'],
  ['img', 'max-width:100%;height:auto'],
];

/** What one wrote, so that it looks the same at the reader's; an empty line keeps its height. */
function dressOwn(html: string, cids: ReadonlySet<string>): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const image of body.querySelectorAll('img')) {
    if (!cids.has((image.getAttribute('src') ?? '').replace(/^cid:/, ''))) image.remove();
  }
  for (const [selector, look] of LOOKS) for (const element of body.querySelectorAll(selector)) element.setAttribute('style', look);
  for (const line of body.querySelectorAll('p:empty')) line.append(line.ownerDocument.createElement('br'));
  return body.innerHTML;
}

/** The HTML that leaves, and its parts: what one wrote, and what one quotes. */
export function dress({ html, signature, attachments }: DraftContent): Split & { readonly html: string } {
  const split = splitDraft(html);
  const own = dressOwn(split.own, new Set(attachments.flatMap(({ cid }) => cid ?? [])));
  const signed = signature === null ? '' : `<div class="${SIGNATURE_CLASS} ${signature.kind}" style="margin-top:16px">${signature.html}</div>`;
  return { own, quoted: split.quoted, html: own + signed + split.quoted };
}
