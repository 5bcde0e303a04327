import type { DraftContent } from '../types.ts';

/** The address of a file that was sent by link; its token is as long as 32 bytes in base64. */
const ADDRESS = /\/lien\/([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/g;

/** The tokens of the links in what one writes. What is quoted from others gives nobody a right to anything. */
export function linksIn({ html, text }: Pick<DraftContent, 'html' | 'text'>): readonly string[] {
  const written = text === null ? withoutQuotes(html) : text.split('\n').filter((line) => !line.startsWith('>')).join('\n');
  return [...new Set([...written.matchAll(ADDRESS)].map(([, token]) => token ?? ''))];
}

function withoutQuotes(html: string): string {
  if (!html.includes('/lien/')) return '';
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const quote of body.querySelectorAll('blockquote')) quote.remove();
  return body.innerHTML;
}
