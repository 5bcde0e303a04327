import { useMemo, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Attachment } from '../../store/types.ts';
import { type ShownProps, useBytes, useObjectUrl } from './bytes.ts';
import { isDrawing, isTooHeavy } from './drawing-weight.ts';
import { endingOf, plainName } from './kinds.ts';
import { MOST_PIXELS, pixelsOf } from './pixels.ts';
import { Unread, Unshown, Waiting } from './Shown.tsx';
import { words as bilingualWords } from './words.ts';

/** The browser looks at the bytes of a picture, not at its type; one that holds no script is named for all. */
const PICTURE = 'image/png';

export function Picture({ file, zoom }: ShownProps) {
  const words = useWords(bilingualWords);
  const fetched = useBytes(file.url);
  const bytes = fetched.state === 'ready' ? fetched.bytes : null;
  const pixels = useMemo(() => (bytes === null ? null : pixelsOf(bytes)), [bytes]);
  const heavy = pixels !== null && pixels.width * pixels.height > MOST_PIXELS;
  const url = useObjectUrl(heavy ? null : bytes, PICTURE);
  const [broken, setBroken] = useState(false);
  if (fetched.state === 'failed') return <Unread {...fetched} />;
  if (broken) return <Unshown file={file} text={words.damaged} />;
  if (heavy) return <Unshown file={file} text={words.pixels} />;
  if (url === null) return <Waiting text={words.loading} />;
  return (
    <div className="picture" tabIndex={0} role="group" aria-label={plainName(file.name)}>
      <img
        className={zoom === 1 ? 'picture-fit' : ''}
        src={url}
        alt={plainName(file.name)}
        style={zoom === 1 ? undefined : { width: `${zoom * 100}%` }}
        onError={() => setBroken(true)}
      />
    </div>
  );
}

/** A drawing is a document of its own kind: it is seen as a picture, in a frame without scripts, origin or network. */
export function Drawing({ file, zoom }: ShownProps) {
  const words = useWords(bilingualWords);
  const fetched = useBytes(file.url);
  const heavy = useMemo(() => fetched.state === 'ready' && isTooHeavy(fetched.bytes), [fetched]);
  const damaged = useMemo(() => fetched.state === 'ready' && !isDrawing(fetched.bytes), [fetched]);
  const page = useMemo(() => (fetched.state === 'ready' && !heavy ? drawingPage(fetched.bytes, zoom) : ''), [fetched, heavy, zoom]);
  if (fetched.state === 'failed') return <Unread {...fetched} />;
  if (fetched.state === 'loading') return <Waiting text={words.loading} />;
  if (damaged) return <Unshown file={file} text={words.damaged} />;
  if (heavy) return <Unshown file={file} text={words.drawing} />;
  return <iframe className="drawing" title={plainName(file.name)} sandbox="" referrerPolicy="no-referrer" srcDoc={page} />;
}

export function drawingPage(bytes: ArrayBuffer, zoom: number): string {
  const data = base64(new Uint8Array(bytes));
  const size = zoom === 1 ? 'width:100%;height:100%;object-fit:contain' : `width:${zoom * 100}%`;
  return (
    '<!doctype html><meta charset="utf-8">' +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">` +
    '<style>html,body{height:100%;margin:0;background:#fff}</style>' +
    `<img alt="" src="data:image/svg+xml;base64,${data}" style="${size}">`
  );
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

const PLAYED: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg', m4a: 'audio/mp4', aac: 'audio/aac', ogg: 'audio/ogg', oga: 'audio/ogg', opus: 'audio/ogg', wav: 'audio/wav', flac: 'audio/flac',
  weba: 'audio/webm', mp4: 'video/mp4', m4v: 'video/mp4', webm: 'video/webm', ogv: 'video/ogg',
};

export function Played({ file, film }: { readonly file: Attachment; readonly film: boolean }) {
  const words = useWords(bilingualWords);
  const fetched = useBytes(file.url);
  const type = PLAYED[endingOf(file.name)] ?? (film ? 'video/mp4' : 'audio/mpeg');
  const url = useObjectUrl(fetched.state === 'ready' ? fetched.bytes : null, type);
  const [broken, setBroken] = useState(false);
  if (fetched.state === 'failed') return <Unread {...fetched} />;
  if (broken) return <Unshown file={file} text={words.none} />;
  if (url === null) return <Waiting text={words.loading} />;
  const common = { controls: true, src: url, 'aria-label': plainName(file.name), onError: () => setBroken(true) };
  return <div className="played">{film ? <video {...common} /> : <audio {...common} />}</div>;
}
