/**
 * The height of a message, learnt without opening its frame.
 *
 * The frame that people see has another origin, so nothing of it can be read. An invisible twin, in which nothing can
 * run either, is laid out with the same width and tells its size; it follows the width of its neighbour and pictures
 * that arrive late.
 */

import { MEASURE_SANDBOX } from './frame.ts';

export interface Size {
  /** Pixels that the mail needs; more than the width given where a table can't be narrower. */
  readonly width: number;
  readonly height: number;
}

const REMEMBERED = 100;
const sizes = new Map<string, Size>();
/** The width that the last frame had: the next one has the same, but for the rarest. */
let usual = 0;

/** A page by its length and a sum of its letters: a wrong guess is put right by the twin. */
function nameOf(page: string, width: number): string {
  let sum = 0;
  for (let at = 0; at < page.length; at += 1) sum = (sum * 31 + page.charCodeAt(at)) | 0;
  return `${width} ${page.length} ${sum}`;
}

/** The size that a page had when it was last shown, so that it stands as it did before the twin has told. */
export function rememberedSize(page: string): { readonly size: Size; readonly given: number } | null {
  const size = sizes.get(nameOf(page, usual));
  return size === undefined ? null : { size, given: usual };
}

function remember(page: string, given: number, size: Size): void {
  usual = given;
  const name = nameOf(page, given);
  sizes.delete(name);
  sizes.set(name, size);
  for (const oldest of sizes.keys()) {
    if (sizes.size <= REMEMBERED) break;
    sizes.delete(oldest);
  }
}

/** Lay `page` out inside `host`, tell its size each time it changes, and give back the way to stop. */
export function measurePage(host: HTMLElement, page: string, tell: (size: Size) => void): () => void {
  const twin = document.createElement('iframe');
  twin.setAttribute('sandbox', MEASURE_SANDBOX);
  twin.setAttribute('aria-hidden', 'true');
  twin.tabIndex = -1;
  twin.className = 'mail-twin';
  let observer: ResizeObserver | null = null;
  let last: Size = { width: 0, height: 0 };

  const report = (): void => {
    const inside = twin.contentDocument;
    if (inside?.body == null) return;
    const size = sizeOf(inside, twin.clientWidth);
    if (size.width === last.width && size.height === last.height) return;
    last = size;
    remember(page, host.clientWidth, size);
    tell(size);
  };

  twin.addEventListener('load', () => {
    const inside = twin.contentDocument;
    if (inside?.body == null) return;
    observer = new ResizeObserver(report);
    observer.observe(inside.body);
    observer.observe(twin);
    report();
  });
  twin.srcdoc = page;
  host.append(twin);
  return () => {
    observer?.disconnect();
    twin.remove();
  };
}

function sizeOf(inside: Document, given: number): Size {
  const root = inside.documentElement;
  const width = Math.max(given, inside.body.scrollWidth, root.scrollWidth);
  const height = Math.ceil(Math.max(inside.body.getBoundingClientRect().bottom, inside.body.scrollHeight));
  return { width, height };
}
