import { createContext, type ReactNode, useCallback, useContext, useRef } from 'react';

type Announce = (text: string) => void;

/** What was said is taken away again: each sheet that closes would have it said once more. */
const SAID_MS = 4000;

const AnnounceContext = createContext<Announce>(() => undefined);

/** Says things to who listens to the screen rather than looks at it. */
export function AnnouncerProvider({ children }: { readonly children: ReactNode }) {
  const region = useRef<HTMLDivElement>(null);
  const said = useRef<ReturnType<typeof setTimeout>>(undefined);
  const announce = useCallback<Announce>((text) => {
    const element = region.current;
    if (element === null) return;
    // The same words twice are said twice only when the region changes in between.
    element.textContent = '';
    requestAnimationFrame(() => {
      element.textContent = text;
    });
    clearTimeout(said.current);
    said.current = setTimeout(() => {
      element.textContent = '';
    }, SAID_MS);
  }, []);
  return (
    <AnnounceContext value={announce}>
      {children}
      <div ref={region} className="hidden-words" role="status" aria-live="polite" />
    </AnnounceContext>
  );
}

export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}
