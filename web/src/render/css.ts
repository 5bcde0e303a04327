/**
 * What a mail's own style may do.
 *
 * The frame's content security policy is the wall; this filter stands before it so that a mail loads nothing even
 * where a browser is late, so that we can count what it wanted to load, and so that nothing moves or covers.
 * The browser's own parser reads the text: a constructed style sheet never loads anything by itself.
 */

import { isTooDeep, type Piece, piecesOf, wordsOf } from './css-values.ts';

export interface StyleRules {
  /** Data URLs of pictures of the web, by their address, once the person has asked for them. */
  readonly remote: ReadonlyMap<string, string>;
  /** Data URL of a picture inside the message, by its content id. */
  readonly inline: ReadonlyMap<string, string>;
  /** Drop text colours that can't be read on a dark ground. */
  readonly dark: boolean;
}

export interface StyleFindings {
  /** Addresses of the web that were left out. */
  readonly blocked: Set<string>;
  /** The mail paints its own grounds, so that it must be shown as its author saw it. */
  paints: boolean;
}

const FORBIDDEN = /^(?:-moz-binding|behavior|animation.*|transition.*|cursor|content-visibility|offset.*|--.*)$/;
/** Columns in columns: each of them doubles the work, so that forty take the page down. No mail needs them. */
const COLUMNS = /^(?:-webkit-)?column(?:s|-(?:count|width|height|wrap|fill|span|rule.*))$/;
const POSITION = /^(?:fixed|sticky)$/;
/**
 * Values that the browser puts together only when it draws, from text that nobody has read as an address. A mail's own
 * variables are left out anyway.
 */
const PUT_TOGETHER = /(?:^|[^-\w])(?:var|env|attr|if|inherit)\(|--/i;
const OTHER_LOADERS = /image-set\(|(?:^|[^-\w])image\(|cross-fade\(|element\(|paint\(|src\(|expression\(|javascript:/i;
/** What draws words that stand in no text: they could say another address than a link's own, and no search finds them. */
const DRAWS_WORDS = /^(?:content|quotes|list-style(?:-type)?|text-overflow|hyphenate-character|(?:-webkit-)?text-emphasis(?:-style)?)$/;
const LETTERED = /counter\([^)]*,|counters\([^),]*,[^),]*,|symbols\(/i;
/** Conditions within conditions; more than this is no layout. */
const DEEPEST = 8;
/**
 * What looks at all neighbours or at all that an element holds, again for each element: its work is the square of the
 * mail's length and more. (`~=` compares words of an attribute.)
 */
const LOOKS_ROUND = /~(?!=)|:has\(|:nth-[\w-]+\([^)]*\bof\b/i;
/** A list of names so long is no layout. */
const LONGEST_SELECTOR = 2_000;

/** Keep what is harmless of a `style` attribute; changes the declaration in place. */
export function filterDeclarations(style: CSSStyleDeclaration, rules: StyleRules, found: StyleFindings): void {
  for (const name of [...style]) {
    const value = style.getPropertyValue(name);
    const kept = filterValue(name, value, rules, found);
    if (kept === null) style.removeProperty(name);
    else if (kept !== value) style.setProperty(name, kept, style.getPropertyPriority(name));
  }
}

/** Keep what is harmless of a style sheet's text. Imports, fonts and moving pictures are left out. */
export function filterSheet(text: string, rules: StyleRules, found: StyleFindings): string {
  if (isTooDeep(text)) return '';
  const sheet = new CSSStyleSheet();
  try {
    sheet.replaceSync(text);
  } catch {
    return '';
  }
  return [...sheet.cssRules]
    .map((rule) => filterRule(rule, rules, found, DEEPEST))
    .join('\n')
    .replace(/<\//g, '<\\/');
}

function filterRule(rule: CSSRule, rules: StyleRules, found: StyleFindings, deeper: number): string {
  if (rule instanceof CSSStyleRule) {
    filterDeclarations(rule.style, rules, found);
    return rule.style.length === 0 || isCostly(rule.selectorText) ? '' : `${rule.selectorText} { ${rule.style.cssText} }`;
  }
  if (rule instanceof CSSMediaRule && deeper > 0) {
    const inside = [...rule.cssRules].map((one) => filterRule(one, rules, found, deeper - 1)).join('\n');
    return `@media ${rule.conditionText} {\n${inside}\n}`;
  }
  return '';
}

/** Whether finding what a selector names takes the square of the mail's length. */
export function isCostly(selector: string): boolean {
  return selector.length > LONGEST_SELECTOR || LOOKS_ROUND.test(selector);
}

function filterValue(name: string, value: string, rules: StyleRules, found: StyleFindings): string | null {
  const pieces = piecesOf(value);
  if (pieces === null || isForbidden(name, pieces)) return null;
  notePaint(name, value, found);
  if (rules.dark && name === 'color' && !found.paints && !readsOnDark(value)) return null;
  return filterAddresses(pieces, rules, found);
}

function isForbidden(name: string, pieces: readonly Piece[]): boolean {
  const words = wordsOf(pieces);
  if (FORBIDDEN.test(name) || COLUMNS.test(name) || (name === 'position' && POSITION.test(words))) return true;
  if (DRAWS_WORDS.test(name) && (LETTERED.test(words) || pieces.some(({ kind, text }) => kind === 'string' && /[\p{L}\p{N}]/u.test(text)))) return true;
  // A shorthand that is put together later has parts without a value.
  return words === '' || PUT_TOGETHER.test(words) || OTHER_LOADERS.test(words);
}

function filterAddresses(pieces: readonly Piece[], rules: StyleRules, found: StyleFindings): string | null {
  const shown = pieces.map(({ kind, text, raw }) => {
    if (kind !== 'address') return raw;
    const kept = allowedImage(text, rules);
    if (kept === null) noteBlocked(text, found);
    return kept === null ? null : `url("${kept}")`;
  });
  return shown.includes(null) ? null : shown.join('');
}

const PICTURE = /^data:image\/(?:png|gif|jpe?g|webp|avif|bmp|x-icon)[;,]/i;

/** The data URL that an image of a mail is shown from, or null. */
export function allowedImage(address: string, rules: StyleRules): string | null {
  const text = address.trim();
  if (PICTURE.test(text)) return text.replace(/["\\\n\r]/g, '');
  if (/^cid:/i.test(text)) return rules.inline.get(contentId(text)) ?? null;
  const web = webAddress(text);
  return web === null ? null : (rules.remote.get(web) ?? null);
}

/** An address of the web as the platform is asked for it; null for any other. */
export function webAddress(address: string): string | null {
  const text = address.trim();
  if (!/^(?:https?:)?\/\//i.test(text)) return null;
  try {
    const url = new URL(text.startsWith('//') ? `https:${text}` : text);
    url.hash = '';
    return url.username === '' && url.password === '' ? url.href : null;
  } catch {
    return null;
  }
}

export function noteBlocked(address: string, found: StyleFindings): void {
  const web = webAddress(address);
  if (web !== null) found.blocked.add(web);
}

/** The content id that a `cid:` address names. */
export function contentId(address: string): string {
  const raw = address.trim().slice(4);
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

const CLEAR =
  /^(?:none|transparent|initial|inherit|unset|auto|rgba\(0, 0, 0, 0\)|(?:#fff|#ffffff|white|rgb\(255, 255, 255\)))$/i;

function notePaint(name: string, value: string, found: StyleFindings): void {
  if (name === 'background-image' && value !== 'none' && value !== 'initial') found.paints = true;
  if (name === 'background-color' && !CLEAR.test(value)) found.paints = true;
}

const NAMED_LIGHT = /^(?:white|ivory|snow|silver|gainsboro|whitesmoke|lightgr[ae]y|inherit|currentcolor)$/i;

/** Whether a text colour keeps a contrast of 4.5 on the dark surface. What we can't compute is dropped. */
export function readsOnDark(value: string): boolean {
  if (NAMED_LIGHT.test(value)) return true;
  const parts = rgbOf(value);
  if (parts === null) return false;
  const surface = luminance([27, 34, 35]);
  return (luminance(parts) + 0.05) / (surface + 0.05) >= 4.5;
}

type Rgb = readonly [number, number, number];

function rgbOf(value: string): Rgb | null {
  const rgb = /^rgba?\(\s*(\d+)[,\s]+(\d+)[,\s]+(\d+)/i.exec(value);
  if (rgb) return [Number(rgb[1]), Number(rgb[2]), Number(rgb[3])];
  const hex = /^#([0-9a-f]{6})$/i.exec(value)?.[1];
  if (hex === undefined) return null;
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
