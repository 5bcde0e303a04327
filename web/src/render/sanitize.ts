/**
 * Turn the HTML of a mail into something that can run nothing, load nothing unasked and reach nothing.
 *
 * Three walls, each enough by itself: DOMPurify and our filter of styles here; a frame without scripts and without our
 * origin; a content security policy inside that frame.
 */

import createPurifier, { type Config } from 'dompurify';

import { allowedImage, filterDeclarations, filterSheet, noteBlocked, type StyleFindings, type StyleRules } from './css.ts';
import { isTooDeep } from './css-values.ts';
import { flatten } from './depth.ts';
import { markFound } from './found.ts';
import { bubbleOf, doubtsOf, toldOf, wayTo } from './judging.ts';
import { destinationOf } from './links.ts';
import { foldHistory } from './quotes.ts';

export interface MailOptions extends StyleRules {
  /** Show the whole message, with what it quotes. */
  readonly whole: boolean;
  /** Said beside a link whose words name another site. */
  readonly elsewhere: (host: string) => string;
  /** Where our own composer opens for an address. */
  readonly composeAt: (address: string) => string;
  /** Where the page that asks before a doubtful link lives. */
  readonly origin: string;
  /** The domains of the reader's house, whose look-alikes are told. */
  readonly own: readonly string[];
  /** What finds the words that the reader looked for. */
  readonly found?: RegExp | null;
}

export interface CleanMail {
  readonly styles: string;
  readonly bodyStyle: string;
  readonly html: string;
  /** Pictures of the web that were left out, by their address. Spies are not among them. */
  readonly blocked: readonly string[];
  /** The message has its own grounds: show it as its author saw it, on white. */
  readonly paints: boolean;
  /** A history was folded away. */
  readonly folded: boolean;
  /** Where the links lead, each place once: links name them by their number. */
  readonly told: readonly string[];
}

/** What is told of one link; nobody reads more beside it. */
const LONGEST_TOLD = 300;

const purifier = createPurifier(window);

const CONFIG: Config & { RETURN_DOM: true } = {
  USE_PROFILES: { html: true },
  WHOLE_DOCUMENT: true,
  RETURN_DOM: true,
  ALLOW_DATA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  // It is asked about most attributes, not only addresses: what has no scheme must pass, or widths and spans are lost.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|cid):|data:image\/|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  FORBID_TAGS: [
    'audio',
    'video',
    'source',
    'track',
    'picture',
    'form',
    'input',
    'button',
    'textarea',
    'select',
    'option',
    'optgroup',
    'datalist',
    'dialog',
    'canvas',
    'template',
    'slot',
    'map',
    'area',
    'marquee',
    'blink',
    'bgsound',
    'meta',
    'link',
    'base',
    'progress',
    'meter',
    'output',
    'details',
    'summary',
  ],
  FORBID_ATTR: [
    'srcset',
    'sizes',
    'ping',
    'autofocus',
    'tabindex',
    'contenteditable',
    'popover',
    'usemap',
    'ismap',
    'loading',
    'action',
    'method',
    'target',
    'rel',
    'accesskey',
    'draggable',
    'is',
    'slot',
    'poster',
    'controls',
    'autoplay',
    'inert',
    'hidden',
    'popovertarget',
    'commandfor',
    'command',
    'crossorigin',
    'integrity',
    'nonce',
    'xlink:href',
  ],
};

/** Clean one message. The same text and options always give the same answer. */
export function cleanMail(html: string, options: MailOptions): CleanMail {
  const root = purifier.sanitize(html, CONFIG) as unknown as HTMLElement;
  const found: StyleFindings = { blocked: new Set(), paints: false };
  const body = root.querySelector('body') ?? root;
  flatten(body);
  for (const one of body.querySelectorAll('[class*="casier-" i]')) one.removeAttribute('class');
  for (const one of body.querySelectorAll('[id^="casier-" i]')) one.removeAttribute('id');
  notePaintedAttributes(body, found);
  const styles = takeSheets(root, options, found);
  takeStyles(body, options, found);
  takePictures(body, options, found);
  takeLinks(body, options);
  const folded = !options.whole && foldHistory(body);
  const told = tellPlaces(body);
  if (options.found) markFound(body, options.found);
  return {
    styles,
    bodyStyle: bodyStyle(body),
    html: body.innerHTML,
    blocked: [...found.blocked],
    paints: found.paints,
    folded,
    told,
  };
}

const WHITE = /^(?:#fff|#ffffff|white|transparent)?$/i;

function notePaintedAttributes(body: HTMLElement, found: StyleFindings): void {
  for (const element of [body, ...body.querySelectorAll('[bgcolor]')]) {
    if (!WHITE.test(element.getAttribute('bgcolor') ?? '')) found.paints = true;
  }
}

/** Signs of style sheets: reading them takes its time too. */
const LONGEST_SHEETS = 400_000;
/** The same times elements: each rule is tried on each of them, for seconds where both are many. */
const MOST_MATCHED = 300_000_000;

/** The mail's own sheets; none of them where matching them would hold the page. */
function takeSheets(root: HTMLElement, options: MailOptions, found: StyleFindings): string {
  const sheets = [...root.querySelectorAll('style')];
  for (const sheet of sheets) sheet.remove();
  const length = sheets.reduce((sum, sheet) => sum + sheet.textContent.length, 0);
  if (length > LONGEST_SHEETS || length * root.querySelectorAll('*').length > MOST_MATCHED) return '';
  return sheets.map((sheet) => filterSheet(sheet.textContent, options, found)).join('\n');
}

function takeStyles(body: HTMLElement, options: MailOptions, found: StyleFindings): void {
  const written = [body, ...body.querySelectorAll<HTMLElement>('[style]')];
  for (const element of written) if (isTooDeep(element.getAttribute('style') ?? '')) element.removeAttribute('style');
  const styled = written.filter((element) => element.hasAttribute('style'));
  const light = { ...options, dark: false };
  for (const element of styled) {
    filterDeclarations(element.style, light, found);
    // What the browser has read, not what was written: nothing that it doesn't know is left for another one.
    element.setAttribute('style', element.style.cssText);
  }
  if (!options.dark || found.paints) return;
  for (const element of styled) filterDeclarations(element.style, options, found);
  for (const element of body.querySelectorAll('[color]')) element.removeAttribute('color');
  body.removeAttribute('text');
  for (const element of body.querySelectorAll<HTMLElement>('[style], [bgcolor]')) {
    element.style.removeProperty('background-color');
    element.removeAttribute('bgcolor');
  }
}

function takePictures(body: HTMLElement, options: MailOptions, found: StyleFindings): void {
  for (const element of body.querySelectorAll('[background]')) {
    const kept = allowedImage(element.getAttribute('background') ?? '', options);
    if (kept === null) {
      noteBlocked(element.getAttribute('background') ?? '', found);
      element.removeAttribute('background');
    } else element.setAttribute('background', kept);
  }
  for (const picture of body.querySelectorAll('img')) takePicture(picture, options, found);
}

function takePicture(picture: HTMLImageElement, options: MailOptions, found: StyleFindings): void {
  const address = picture.getAttribute('src') ?? '';
  const web = /^(?:https?:)?\/\//i.test(address.trim());
  if (web && isSpy(picture)) {
    picture.remove();
    return;
  }
  const kept = allowedImage(address, options);
  if (kept !== null) {
    picture.setAttribute('src', kept);
    return;
  }
  noteBlocked(address, found);
  if (isSpy(picture)) picture.remove();
  else picture.replaceWith(placeOf(picture));
}

/** The place of a picture that isn't shown: its words, and its room where the mail says how much. */
function placeOf(picture: HTMLImageElement): HTMLElement {
  const place = picture.ownerDocument.createElement('span');
  place.className = 'casier-picture';
  place.textContent = picture.alt;
  for (const side of ['width', 'height'] as const) {
    const pixels = /^(\d{1,4})(?:px)?$/.exec(picture.getAttribute(side)?.trim() ?? '')?.[1];
    if (pixels !== undefined) place.style.setProperty(side, `${pixels}px`);
  }
  return place;
}

/** A picture that no one is meant to see only tells its sender who read what: it isn't fetched even when asked for. */
function isSpy(picture: HTMLImageElement): boolean {
  const { style } = picture;
  const tiny = (length: string): boolean => /^[0-3](?:\.\d*)?(?:px|pt)?$/.test(length.trim());
  const small = (side: 'width' | 'height'): boolean =>
    tiny(picture.getAttribute(side) ?? '') || tiny(style.getPropertyValue(side)) || tiny(style.getPropertyValue(`max-${side}`));
  return small('width') || small('height') || style.display === 'none' || style.visibility === 'hidden' || /^0(?:\.0\d*)?%?$/.test(style.opacity);
}

function takeLinks(body: HTMLElement, options: MailOptions): void {
  for (const link of body.querySelectorAll('a[href]')) takeLink(link, options);
}

function takeLink(link: Element, options: MailOptions): void {
  const raw = link.getAttribute('href') ?? '';
  const destination = destinationOf(raw);
  if (destination === null) {
    link.removeAttribute('href');
    return;
  }
  const doubts = doubtsOf(link.textContent, raw, destination, options.own);
  const href = destination.kind === 'mail' ? options.composeAt(destination.address) : wayTo(destination, doubts, options.origin);
  link.setAttribute('href', href);
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer');
  link.setAttribute('data-casier-to', toldOf(destination));
  // What the browser tells of a link is what we say of it: hints of a mail inside it would come before.
  for (const one of [link, ...link.querySelectorAll('[title]')]) one.removeAttribute('title');
  if (destination.kind === 'web' && doubts.length > 0) {
    link.setAttribute('data-casier-doubt', '');
    link.after(warning(link.ownerDocument, options.elsewhere(toldOf(destination))));
  }
}

/**
 * Each link with a place names the bubble that tells it, which the browser shows while the pointer or the keys are on the
 * link, keeps while the pointer is on it, and takes away on Escape. A browser that can't has its own hint.
 */
function tellPlaces(body: HTMLElement): readonly string[] {
  const numbers = new Map<string, number>();
  for (const link of body.querySelectorAll('a[data-casier-to]')) {
    const place = (link.getAttribute('data-casier-to') ?? '').slice(0, LONGEST_TOLD);
    const number = numbers.get(place) ?? numbers.size;
    numbers.set(place, number);
    link.setAttribute('interestfor', bubbleOf(number));
    if (!('interestForElement' in link)) link.setAttribute('title', place);
  }
  return [...numbers.keys()];
}

function warning(document: Document, text: string): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'casier-elsewhere';
  mark.textContent = text;
  return mark;
}

function bodyStyle(body: HTMLElement): string {
  const ground = body.getAttribute('bgcolor') ?? '';
  const text = body.getAttribute('text') ?? '';
  const probe = body.ownerDocument.createElement('div');
  probe.style.cssText = body.getAttribute('style') ?? '';
  if (ground !== '') probe.style.backgroundColor = ground;
  if (text !== '') probe.style.color = text;
  return probe.getAttribute('style') ?? '';
}
