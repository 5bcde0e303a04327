import { useEffect, useState } from 'react';

import { useClient } from '../../ui/client.tsx';
import { askJson } from '../../wire/http.ts';
import { WireError } from '../../wire/problems.ts';

const AGAIN_MS = 60_000;

/** Since when messages may be missing from what is found (ISO 8601); null while the index keeps up, or nobody can tell. */
export function useMissingSince(search: string): string | null {
  const { services } = useClient();
  const [since, setSince] = useState<string | null>(null);
  useEffect(() => {
    let current = true;
    const ask = async (): Promise<void> => {
      try {
        const { missingSince } = await askJson<{ readonly missingSince: string | null }>(services.road, '/api/search/index', { background: true });
        if (current) setSince(missingSince);
      } catch (caught) {
        if (!(caught instanceof WireError)) throw caught;
      }
    };
    const first = setTimeout(() => void ask(), 400);
    const again = setInterval(() => void ask(), AGAIN_MS);
    return () => {
      current = false;
      clearTimeout(first);
      clearInterval(again);
    };
  }, [services, search]);
  return since;
}
