import { File, Folder, Lock } from 'lucide-react';
import { useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Attachment } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { askPart } from '../../wire/http.ts';
import { problemOf } from '../../wire/problems.ts';
import type { Road } from '../../wire/road.ts';
import type { Unfetched } from './bytes.ts';
import { plainName } from './kinds.ts';
import { Unread, Unshown, Waiting } from './Shown.tsx';
import { words as bilingualWords } from './words.ts';
import { type Listing, listZip, type Slice } from './zip.ts';

type Found = { readonly state: 'loading' } | Unfetched | { readonly state: 'ready'; readonly listing: Listing | null };

/** What is in a zip: names and sizes, from the directory at its end. */
export function Archive({ file }: { readonly file: Attachment }) {
  const language = useLanguage();
  const words = useWords(bilingualWords);
  const found = useListing(file);
  if (found.state === 'loading') return <Waiting text={words.loading} />;
  if (found.state === 'failed') return <Unread {...found} />;
  if (found.listing === null) return <Unshown file={file} text={words.damaged} />;
  const { entries, count, size } = found.listing;
  if (entries.length === 0) return <Unshown file={file} text={words.emptyZip} />;
  return (
    <div className="paper" tabIndex={0} role="document" aria-label={plainName(file.name)}>
      <p className="viewer-cut">
        {words.entries(count)} · {words.unpacked(language.size(size))}
      </p>
      <table className="sheet archive" aria-label={plainName(file.name)}>
        <thead>
          <tr>
            <th scope="col">{words.entryName}</th>
            <th scope="col">{words.entrySize}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry, at) => (
            <tr key={at}>
              <td>
                {entry.folder ? <Folder aria-hidden="true" size={16} /> : <File aria-hidden="true" size={16} />}
                <bdi>{plainName(entry.name)}</bdi>
                {entry.encrypted && <Lock role="img" aria-label={words.encrypted} size={14} />}
              </td>
              <td>{entry.folder ? '' : language.size(entry.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {count > entries.length && <p className="viewer-cut">{words.moreEntries(count - entries.length)}</p>}
    </div>
  );
}

function useListing(file: Attachment): Found {
  const { services } = useClient();
  const [tries, setTries] = useState(0);
  const [found, setFound] = useState<Found>({ state: 'loading' });
  useEffect(() => {
    const stop = new AbortController();
    listZip(file.size, sliceOf(services.road, file.url, stop.signal)).then(
      (listing) => setFound({ state: 'ready', listing }),
      (caught: unknown) => {
        if (!stop.signal.aborted) setFound({ state: 'failed', problem: problemOf(caught), again: () => setTries(tries + 1) });
      },
    );
    return () => stop.abort();
  }, [services, file, tries]);
  return found;
}

/** A part of the file where the store gives parts; the whole is taken once where it doesn't. */
function sliceOf(road: Road, url: string, signal: AbortSignal): Slice {
  let whole: Uint8Array | null = null;
  return async (from, to) => {
    if (whole !== null) return whole.subarray(from, to);
    const { bytes, part } = await askPart(road, url, { from, to, signal });
    if (part) return bytes;
    whole = bytes;
    return bytes.subarray(from, to);
  };
}
