import type { Address } from '../../store/types.ts';

/** What a link to an address asks to be written (RFC 6068). Nothing of it is trusted further than a person reads. */
export interface Wish {
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly subject: string;
  readonly body: string;
}

const SCHEME = 'mailto:';
const ADDRESS = /^[^\s@<>,;:"\\]{1,64}@[^\s@<>,;:"\\]{1,255}$/;
const MOST = 100;
const LONGEST_SUBJECT = 500;
const LONGEST_BODY = 20_000;
/** What a line of the header can't hold. */
const CONTROLS = /\p{Cc}+/gu;

/** The link in the address that the page was opened with: `?mailto=…`, whole or encoded; null where there is none. */
export function mailtoIn(search: string): string | null {
  const at = search.search(/[?&]mailto=/);
  if (at < 0) return null;
  const rest = search.slice(at + '?mailto='.length);
  // Signing in between decodes it: what follows then belongs to the link, `&` and all.
  if (rest.toLowerCase().startsWith(SCHEME)) return rest;
  return decoded(rest.split('&')[0] ?? '');
}

export function readMailto(link: string): Wish | null {
  if (!link.toLowerCase().startsWith(SCHEME)) return null;
  const [path = '', ...more] = link.slice(SCHEME.length).split('?');
  const wish = { to: [...addresses(path)], cc: [] as Address[], bcc: [] as Address[], subject: '', body: '' };
  for (const field of more.join('?').split('&')) {
    const [name = '', ...value] = field.split('=');
    const text = value.join('=');
    switch (name.toLowerCase()) {
      case 'to':
        wish.to.push(...addresses(text));
        break;
      case 'cc':
        wish.cc.push(...addresses(text));
        break;
      case 'bcc':
        wish.bcc.push(...addresses(text));
        break;
      case 'subject':
        wish.subject = decoded(text).replace(CONTROLS, ' ').trim().slice(0, LONGEST_SUBJECT);
        break;
      case 'body':
        wish.body = decoded(text).replaceAll('\r\n', '\n').slice(0, LONGEST_BODY);
        break;
    }
  }
  return wish;
}

/** Commas part addresses before anything is decoded; what isn't one is left out. */
function addresses(text: string): readonly Address[] {
  return text
    .split(',')
    .slice(0, MOST)
    .map((one) => decoded(one).trim())
    .filter((email) => ADDRESS.test(email))
    .map((email) => ({ name: null, email }));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Its text as a message holds it: all of it is text. */
export function paragraphs(body: string): string {
  const escaped = body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped
    .split('\n')
    .map((line) => `<p>${line}</p>`)
    .join('');
}
