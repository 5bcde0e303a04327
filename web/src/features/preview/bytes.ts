import { useEffect, useState } from 'react';

import type { Attachment } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { askBytes } from '../../wire/http.ts';
import { problemOf, type Problem } from '../../wire/problems.ts';

/** It couldn't be fetched, and the way to try again. */
export interface Unfetched {
  readonly state: 'failed';
  readonly problem: Problem;
  readonly again: () => void;
}

export type Fetched = { readonly state: 'loading' } | Unfetched | { readonly state: 'ready'; readonly bytes: ArrayBuffer };

const LOADING: Fetched = { state: 'loading' };

/** The bytes behind an address of our own, fetched with the session; nothing is given a type or run. */
export function useBytes(url: string): Fetched {
  const { services } = useClient();
  const [tries, setTries] = useState(0);
  const [found, setFound] = useState<{ readonly url: string; readonly fetched: Fetched }>({ url: '', fetched: LOADING });
  useEffect(() => {
    const stop = new AbortController();
    askBytes(services.road, url, { signal: stop.signal }).then(
      (bytes) => setFound({ url, fetched: { state: 'ready', bytes } }),
      (caught: unknown) => {
        if (stop.signal.aborted) return;
        const again = (): void => {
          setFound({ url, fetched: LOADING });
          setTries(tries + 1);
        };
        setFound({ url, fetched: { state: 'failed', problem: problemOf(caught), again } });
      },
    );
    return () => stop.abort();
  }, [services, url, tries]);
  return found.url === url ? found.fetched : LOADING;
}

/** An address in this page's memory for bytes that the browser shows by itself, as a TYPE that can't hold a script. */
export function useObjectUrl(bytes: ArrayBuffer | null, type: string): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (bytes === null) return;
    const made = URL.createObjectURL(new Blob([bytes], { type }));
    // The address is a resource outside React: made and given back with the effect.
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, type]);
  return url;
}

export interface ShownProps {
  readonly file: Attachment;
  readonly zoom: number;
}
