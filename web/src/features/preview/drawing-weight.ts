/** How much a drawing becomes once its parts stand in each other: few lines can make a thousand million shapes. */

import { decode } from './charset.ts';

const MOST = 200_000;
const REFERENCE = /url\(\s*["']?#([^"')\s]+)/g;

/** They are read as text: nothing of them loads or runs. */
function drawingIn(bytes: ArrayBuffer): Document {
  return new DOMParser().parseFromString(decode(new Uint8Array(bytes)), 'image/svg+xml');
}

/** Whether these BYTES are a drawing at all: no browser shows one that is cut, or another document of that name. */
export function isDrawing(bytes: ArrayBuffer): boolean {
  const drawing = drawingIn(bytes);
  return drawing.documentElement.localName === 'svg' && drawing.querySelector('parsererror') === null;
}

/** Whether drawing these BYTES would keep the page busy. */
export function isTooHeavy(bytes: ArrayBuffer): boolean {
  const drawing = drawingIn(bytes);
  return new Scales(drawing).weigh(drawing.documentElement) > MOST;
}

class Scales {
  private readonly known = new Map<Element, number>();
  private readonly named = new Map<string, Element>();

  constructor(drawing: Document) {
    for (const element of drawing.querySelectorAll('[id]')) if (!this.named.has(element.id)) this.named.set(element.id, element);
  }

  /** Shapes of ELEMENT with what it holds and what it shows from elsewhere; what shows itself is drawn by no browser. */
  weigh(element: Element): number {
    const before = this.known.get(element);
    if (before !== undefined) return before;
    this.known.set(element, 0);
    let weight = 1;
    for (const child of element.children) weight += this.weigh(child);
    for (const { name, value } of element.attributes) for (const target of this.shownBy(name, value)) weight += this.weigh(target);
    const most = Math.min(weight, 2 * MOST);
    this.known.set(element, most);
    return most;
  }

  private shownBy(name: string, value: string): readonly Element[] {
    const ids = /(?:^|:)href$/.test(name) && value.startsWith('#') ? [value.slice(1)] : Array.from(value.matchAll(REFERENCE), (match) => match[1] ?? '');
    return ids.flatMap((id) => this.named.get(id) ?? []);
  }
}
