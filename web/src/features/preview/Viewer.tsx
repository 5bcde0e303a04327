import { ArrowLeft, ChevronLeft, ChevronRight, Download, Maximize2, X, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { AccountId, Attachment } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { kindOf, plainName } from './kinds.ts';
import { Shown } from './Shown.tsx';
import './pdf.css';
import './papers.css';
import './viewer.css';
import { words as bilingualWords, type PreviewWords } from './words.ts';

export interface ViewerProps {
  readonly files: readonly Attachment[];
  readonly at: number;
  readonly account: AccountId;
}

interface Place {
  readonly files: readonly Attachment[];
  readonly at: number;
}

const ZOOMS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];
const ZOOMED: ReadonlySet<string> = new Set(['pdf', 'image', 'svg', 'office']);

/** The files of a message over the whole window, one after the other. */
export function Viewer({ files, at, account, onClose }: ViewerProps & { readonly onClose: () => void }) {
  const words = useWords(bilingualWords);
  // A message in a message has files of its own: one goes into it, and back.
  const [places, setPlaces] = useState<readonly Place[]>([{ files, at }]);
  const [zoom, setZoom] = useState(1);
  const sheet = useSheet();
  const place = places.at(-1);
  const file = place?.files[place.at];
  useKeptFocus(sheet, `${places.length}-${place?.at ?? 0}`);
  if (place === undefined || file === undefined) return null;
  const name = plainName(file.name) || words.nameless;
  const go = (to: number): void => {
    if (to < 0 || to >= place.files.length) return;
    setPlaces([...places.slice(0, -1), { ...place, at: to }]);
    setZoom(1);
  };
  const back = (): void => {
    if (places.length > 1) setPlaces(places.slice(0, -1));
    else onClose();
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go(place.at - 1),
    ArrowRight: () => go(place.at + 1),
    '+': () => setZoom(step(zoom, 1)),
    '-': () => setZoom(step(zoom, -1)),
    '0': () => setZoom(1),
    Escape: back,
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    // The page's own keys stay with the page.
    event.stopPropagation();
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey || takesKeys(event.target)) return;
    event.preventDefault();
    act();
  };
  const zooms = ZOOMED.has(kindOf(file.name, file.type));
  return (
    <dialog
      ref={sheet}
      className="viewer"
      aria-label={words.viewer(name)}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        back();
      }}
      onClose={onClose}
    >
      <div className="viewer-head">
        {places.length > 1 && <Button icon={ArrowLeft} label={words.back} wordless onClick={back} />}
        <Title name={name} file={file} place={place} words={words} />
        <span className="viewer-tools">
          {zooms && <Zooms zoom={zoom} onZoom={setZoom} words={words} />}
          {place.files.length > 1 && (
            <>
              <Button icon={ChevronLeft} label={words.previous} hint="←" wordless disabled={place.at === 0} onClick={() => go(place.at - 1)} />
              <Button icon={ChevronRight} label={words.next} hint="→" wordless disabled={place.at === place.files.length - 1} onClick={() => go(place.at + 1)} />
            </>
          )}
          <a className="button button-plain viewer-download" href={file.url} download={name} title={words.download}>
            <Download aria-hidden="true" size={20} strokeWidth={1.75} />
            <span className="button-word">{words.download}</span>
          </a>
          <Button icon={X} label={words.close} wordless data-first onClick={onClose} />
        </span>
      </div>
      <div className="viewer-body" key={`${places.length}-${file.url}`} tabIndex={-1}>
        <Shown file={file} account={account} zoom={zoom} onFiles={(inside, first) => setPlaces([...places, { files: inside, at: first }])} />
      </div>
    </dialog>
  );
}

function Title({ name, file, place, words }: { readonly name: string; readonly file: Attachment; readonly place: Place; readonly words: PreviewWords }) {
  const language = useLanguage();
  return (
    <div className="viewer-title" aria-live="polite">
      <h2 title={name}>
        <bdi>{name}</bdi>
      </h2>
      <p>
        {language.size(file.size)}
        {place.files.length > 1 && ` · ${words.place(place.at + 1, place.files.length)}`}
      </p>
    </div>
  );
}

function Zooms({ zoom, onZoom, words }: { readonly zoom: number; readonly onZoom: (zoom: number) => void; readonly words: PreviewWords }) {
  return (
    <span className="viewer-zooms">
      <Button icon={ZoomOut} label={words.zoomOut} hint="-" wordless disabled={zoom === ZOOMS[0]} onClick={() => onZoom(step(zoom, -1))} />
      <Button icon={Maximize2} label={words.zoomFit} hint="0" wordless disabled={zoom === 1} onClick={() => onZoom(1)} />
      <Button icon={ZoomIn} label={words.zoomIn} hint="+" wordless disabled={zoom === ZOOMS.at(-1)} onClick={() => onZoom(step(zoom, 1))} />
    </span>
  );
}

function step(zoom: number, by: 1 | -1): number {
  return ZOOMS[ZOOMS.indexOf(zoom) + by] ?? zoom;
}

/** Sounds and films have arrows of their own. */
function takesKeys(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.closest('audio, video, input, select, textarea') !== null;
}

/** What had the keys may be gone with the file before, or greyed: the sheet takes them then, before the next key comes. */
function useKeptFocus(sheet: RefObject<HTMLDialogElement | null>, shown: string): void {
  useLayoutEffect(() => {
    const active = document.activeElement;
    const lost = active === null || active === document.body || active.matches(':disabled');
    if (lost) sheet.current?.querySelector<HTMLElement>('.viewer-body')?.focus({ preventScroll: true });
  }, [sheet, shown]);
}

/** The browser keeps the focus inside; it goes back where it was. */
function useSheet() {
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = sheet.current;
    if (element === null || element.open) return;
    const before = document.activeElement;
    element.showModal();
    element.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return sheet;
}
