import { Fragment, type ReactNode, useMemo } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Attachment } from '../../store/types.ts';
import { useBytes } from './bytes.ts';
import { declaredCharset, decode } from './charset.ts';
import { plainName } from './kinds.ts';
import { Unread, Unshown, Waiting } from './Shown.tsx';
import { words as bilingualWords } from './words.ts';

/** The items that are shown, and how many there are. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly count: number;
}

interface Props<Item> {
  readonly file: Attachment;
  /** Throws for a file that is damaged. The same function at each drawing. */
  readonly read: (text: string) => Listed<Item>;
  readonly none: string;
  readonly more: (count: number) => string;
  readonly draw: (item: Item) => ReactNode;
}

/** A file of events or of people, each as a card. */
export function CardList<Item>({ file, read, none, more, draw }: Props<Item>) {
  const words = useWords(bilingualWords);
  const fetched = useBytes(file.url);
  const found = useMemo(() => (fetched.state === 'ready' ? tried(read, fetched.bytes, file.type) : null), [read, fetched, file.type]);
  if (fetched.state === 'failed') return <Unread {...fetched} />;
  if (found === null) return <Waiting text={words.loading} />;
  if (found === 'damaged') return <Unshown file={file} text={words.damaged} />;
  if (found.items.length === 0) return <Unshown file={file} text={none} />;
  return (
    <div className="cards" tabIndex={0} role="document" aria-label={plainName(file.name)}>
      {found.items.map((item, at) => (
        <Fragment key={at}>{draw(item)}</Fragment>
      ))}
      {found.count > found.items.length && <p className="viewer-cut">{more(found.count - found.items.length)}</p>}
    </div>
  );
}

function tried<Item>(read: Props<Item>['read'], bytes: ArrayBuffer, type: string): Listed<Item> | 'damaged' {
  try {
    return read(decode(new Uint8Array(bytes), declaredCharset(type)));
  } catch {
    return 'damaged';
  }
}
