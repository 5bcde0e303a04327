import { useEffect, useState, useSyncExternalStore } from 'react';

/** True once `wanted` has lasted that long: what comes at once needs no placeholder. */
export function useLasting(wanted: boolean, milliseconds: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!wanted) return;
    const timer = setTimeout(() => setLasting(true), milliseconds);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [wanted, milliseconds]);
  return wanted && lasting;
}

const REST_MS = 600;
const LONGEST_MS = 10_000;
const HAND = ['pointermove', 'pointerdown', 'wheel', 'touchmove', 'keydown'];

/**
 * Does what moves the page once the hand has been at rest for a moment, else the press that is under way would meet
 * something else; ten seconds later at the latest. Returns how to call it off.
 */
export function atRest(act: () => void): () => void {
  const over = (): void => {
    clearTimeout(rest);
    clearTimeout(latest);
    for (const name of HAND) window.removeEventListener(name, moved, true);
  };
  const now = (): void => {
    over();
    act();
  };
  const moved = (): void => {
    clearTimeout(rest);
    rest = setTimeout(now, REST_MS);
  };
  const latest = setTimeout(now, LONGEST_MS);
  let rest = setTimeout(now, REST_MS);
  for (const name of HAND) window.addEventListener(name, moved, { capture: true, passive: true });
  return over;
}

/** Draws again each second while `running`, and tells the time. */
export function useSeconds(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}

/** Whether a media query holds, as it changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const media = window.matchMedia(query);
    const change = (): void => setHolds(media.matches);
    change();
    media.addEventListener('change', change);
    return () => media.removeEventListener('change', change);
  }, [query]);
  return holds;
}

/** Whether this device has a network at all: a server that doesn't answer is another matter. */
export function useNetwork(): boolean {
  return useSyncExternalStore(followNetwork, () => navigator.onLine);
}

function followNetwork(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}
