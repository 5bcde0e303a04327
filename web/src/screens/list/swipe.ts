import { type PointerEvent, type RefObject, useRef, useState } from 'react';

interface Acts {
  /** The finger went right, or left, far enough. */
  readonly right: () => void;
  readonly left: () => void;
  /** The finger stayed where it was. */
  readonly hold: () => void;
}

interface Swipe {
  readonly touch: boolean;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerCancel: (event: PointerEvent) => void;
  };
}

const BEGINS_AT = 12;
const ACTS_AT = 96;
const HOLD_MS = 500;

/** A finger drawn sideways over a row. The mouse has buttons for that and drags rows to folders instead. */
export function useSwipe(ref: RefObject<HTMLElement | null>, acts: Acts): Swipe {
  const from = useRef<{ x: number; y: number; sideways: boolean } | null>(null);
  const holding = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [touch, setTouch] = useState(false);

  /** The click that follows a gesture isn't one. */
  const swallowClick = (): void => {
    const element = ref.current;
    const swallow = (click: Event): void => {
      click.stopPropagation();
      click.preventDefault();
    };
    element?.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => element?.removeEventListener('click', swallow, { capture: true }), 600);
  };

  const show = (by: number): void => {
    const element = ref.current;
    if (element === null) return;
    element.style.setProperty('--swipe', `${by}px`);
    if (by === 0) delete element.dataset['swipe'];
    else element.dataset['swipe'] = by > 0 ? 'right' : 'left';
    element.dataset['swipeFar'] = String(Math.abs(by) >= ACTS_AT);
  };

  const onPointerDown = (event: PointerEvent): void => {
    setTouch(event.pointerType !== 'mouse');
    if (event.pointerType === 'mouse') return;
    from.current = { x: event.clientX, y: event.clientY, sideways: false };
    holding.current = setTimeout(() => {
      from.current = null;
      swallowClick();
      acts.hold();
    }, HOLD_MS);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const start = from.current;
    if (start === null) return;
    const by = event.clientX - start.x;
    if (Math.hypot(by, event.clientY - start.y) > BEGINS_AT) clearTimeout(holding.current);
    if (!start.sideways && Math.abs(event.clientY - start.y) > BEGINS_AT) from.current = null;
    else if (start.sideways || Math.abs(by) > BEGINS_AT) {
      if (!start.sideways) ref.current?.setPointerCapture(event.pointerId);
      start.sideways = true;
      show(by);
    }
  };
  const end = (event: PointerEvent, done: boolean): void => {
    const start = from.current;
    from.current = null;
    if (!start?.sideways) return;
    const by = event.clientX - start.x;
    show(0);
    swallowClick();
    if (done && by >= ACTS_AT) acts.right();
    else if (done && by <= -ACTS_AT) acts.left();
  };

  return {
    touch,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp: (event) => end(event, true),
      onPointerCancel: (event) => end(event, false),
    },
  };
}
