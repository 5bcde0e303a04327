import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** Rows drawn above and below what is on the screen. */
const BEYOND = 6;

interface Shown {
  readonly first: number;
  readonly last: number;
}

interface RowsInView extends Shown {
  /** Scrolls no further than it takes to see a row whole. */
  readonly show: (index: number) => void;
}

/**
 * Which rows of a list are on the screen. All are of one height, so that it costs the same however many there are:
 * nothing is kept or counted for each row.
 */
export function useRowsInView(scroll: RefObject<HTMLElement | null>, count: number, height: number): RowsInView {
  const [shown, setShown] = useState<Shown>({ first: 0, last: 0 });
  // Where the list stands, as it last said: asking it anew would have the whole page laid out at that moment.
  const place = useRef({ top: 0, room: 0 });

  useLayoutEffect(() => {
    const box = scroll.current;
    if (box === null) return;
    const look = (): void => {
      const top = box.scrollTop;
      const room = box.clientHeight;
      place.current = { top, room };
      const first = Math.floor(top / height) - BEYOND;
      const last = Math.ceil((top + room) / height) - 1 + BEYOND;
      setShown((before) => (before.first === first && before.last === last ? before : { first, last }));
    };
    // Within the frame that scrolls: rows drawn one frame later would come after a flash of nothing.
    const follow = (): void => flushSync(look);
    look();
    const resized = new ResizeObserver(look);
    resized.observe(box);
    box.addEventListener('scroll', follow, { passive: true });
    return () => {
      resized.disconnect();
      box.removeEventListener('scroll', follow);
    };
  }, [scroll, height]);

  const show = useCallback(
    (index: number): void => {
      const box = scroll.current;
      if (box === null) return;
      const { top, room } = place.current;
      const wanted = Math.max(Math.min(top, index * height), (index + 1) * height - room);
      if (wanted === top) return;
      place.current = { top: wanted, room };
      box.scrollTop = wanted;
    },
    [scroll, height],
  );

  return { first: Math.max(0, Math.min(shown.first, count - 1)), last: Math.min(shown.last, count - 1), show };
}
