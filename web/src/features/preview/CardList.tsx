import { Fragment, type ReactNode, useMemo } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Attachment } from '../../store/types.ts';
import { useBytes } from './bytes.ts';
import { declaredCharset, decode } from './charset.ts';
import { plainName } from './kinds.ts';
import { Unread, Unshown, Waiting } from './Shown.tsx';
import { words as bilingualWords } from './words.ts';

interface Props<Item> {
  readonly file: Attachment;
  /** Throws for a file that is damaged. The same function at each drawing. */
  readonly read: (text: string) => readonly Item[];
  readonly most: number;
  readonly none: string;
  readonly more: (count: number) => string;
  readonly draw: (item: Item) => ReactNode;
}

/** A file of events or of people, each as a card. */
export function CardList<Item>({ file, read, most, none, more, draw }: Props<Item>) {
  const words = useWords(bilingualWords);
  const fetched = useBytes(file.url);
  const found = useMemo(() => (fetched.state === 'ready' ? tried(read, fetched.bytes, file.type) : null), [read, fetched, file.type]);
  if (fetched.state === 'failed') return <Unread {...fetched} />;
  if (found === null) return <Waiting text={words.loading} />;
  if (found === 'damaged') return <Unshown file={file} text={words.damaged} />;
  if (found.length === 0) return <Unshown file={file} text={none} />;
  return (
    <div className="cards" tabIndex={0} role="document" aria-label={plainName(file.name)}>
      {found.slice(0, most).map((item, at) => (
        <Fragment key={at}>{draw(item)}</Fragment>
      ))}
      {found.length > most && <p className="viewer-cut">{more(found.length - most)}</p>}
    </div>
  );
}

function tried<Item>(read: Props<Item>['read'], bytes: ArrayBuffer, type: string): readonly Item[] | 'damaged' {
  try {
    return read(decode(new Uint8Array(bytes), declaredCharset(type)));
  } catch {
    return 'damaged';
  }
}
