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
