import { useEffect, useMemo, useRef, useState } from 'react';

import { useSettings } from '../ui/settings.tsx';
import { type Ground, framePage, SHOWN_SANDBOX, TALLEST } from './frame.ts';
import { measurePage, rememberedSize, type Size } from './measure.ts';
import type { CleanMail } from './sanitize.ts';

/** Beyond this many characters a second layout would be felt: the frame then scrolls by itself. */
const MEASURED_AT_MOST = 600_000;
const SMALLEST_SCALE = 0.5;
const SETTLED_MS = 250;
/** A scroll bar across, below what is still too wide. */
const BAR = 16;

interface Props {
  readonly mail: CleanMail;
  readonly ground: Ground;
  readonly title: string;
  readonly lang: string;
}

/** A cleaned message in its frame, as tall as it needs, made smaller where its tables are wider than the screen. */
export function MailFrame({ mail, ground, title, lang }: Props) {
  const { dark } = useSettings();
  const inset = dark && ground === 'light';
  const measured = mail.html.length + mail.styles.length <= MEASURED_AT_MOST;
  const page = useMemo(
    () => framePage(mail, { ground, inset, grows: measured, title, lang }),
    [mail, ground, inset, measured, title, lang],
  );
  // A frame whose page changes adds a step to the browser's history, where « back » would get lost: take a new frame.
  const [drawn, setDrawn] = useState({ page, frame: 0 });
  if (drawn.page !== page) setDrawn({ page, frame: drawn.frame + 1 });
  const host = useRef<HTMLDivElement>(null);
  const [before] = useState(() => (measured ? rememberedSize(page) : null));
  const [size, setSize] = useState<Size | null>(before?.size ?? null);
  const [given, setGiven] = useState(before?.given ?? 0);

  useEffect(() => {
    const element = host.current;
    if (element === null || !measured) return;
    let stop: (() => void) | null = null;
    const measure = (): null => {
      stop = measurePage(element, page, (told) => {
        setGiven(element.clientWidth);
        setSize(told);
      });
      return null;
    };
    // What was shown before is drawn first, and measured again once it stands.
    const later = before === null ? measure() : setTimeout(measure, SETTLED_MS);
    return () => {
      clearTimeout(later ?? undefined);
      stop?.();
    };
  }, [page, measured, before]);

  const fit = fitting(size, given);
  return (
    <div
      ref={host}
      className={`mail-frame mail-ground-${ground}`}
      data-measured={measured ? size !== null : 'never'}
      style={measured ? { height: fit.height } : undefined}
      onMouseLeave={returnFocus}
    >
      <iframe
        key={drawn.frame}
        title={title}
        sandbox={SHOWN_SANDBOX}
        referrerPolicy="no-referrer"
        srcDoc={page}
        style={measured ? { width: fit.width, height: fit.inner, transform: fit.transform } : undefined}
      />
    </div>
  );
}

interface Fit {
  readonly width: string;
  readonly inner: number;
  readonly height: number;
  readonly transform: string | undefined;
}

function fitting(size: Size | null, given: number): Fit {
  if (size === null) return { width: '100%', inner: 160, height: 160, transform: undefined };
  const inner = Math.min(size.height, TALLEST);
  if (given === 0 || size.width <= given + 1) return { width: '100%', inner, height: inner, transform: undefined };
  const scale = Math.max(SMALLEST_SCALE, given / size.width);
  const tall = inner + 2 + (given / size.width < SMALLEST_SCALE ? BAR : 0);
  return {
    width: `${Math.round(given / scale)}px`,
    inner: tall,
    height: Math.ceil(tall * scale),
    transform: `scale(${scale.toFixed(4)})`,
  };
}

/** Keys pressed inside the frame can't reach us; once the pointer has left it, they are ours again. */
function returnFocus(event: React.MouseEvent<HTMLDivElement>): void {
  const inside = document.activeElement;
  if (!(inside instanceof HTMLIFrameElement) || !event.currentTarget.contains(inside)) return;
  const home = event.currentTarget.closest<HTMLElement>('[tabindex="-1"]');
  if (home === null) inside.blur();
  else home.focus({ preventScroll: true });
}
