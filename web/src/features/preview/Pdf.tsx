import { getDocument, GlobalWorkerOptions, type PDFDocumentLoadingTask, type PDFDocumentProxy, PasswordException, TextLayer, version } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { useEffect, useRef, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Attachment } from '../../store/types.ts';
import { type ShownProps, useBytes } from './bytes.ts';
import { Unread, Unshown, Waiting } from './Shown.tsx';
import { words as bilingualWords, type PreviewWords } from './words.ts';

GlobalWorkerOptions.workerSrc = workerUrl;
/** Fonts, maps of characters and decoders that few documents need, from our own files. */
const MORE = `${import.meta.env.BASE_URL}assets/pdfjs-${version}/`;
/** More than any photograph has; a picture that claims more is left out. */
const IMAGE_PIXELS = 60e6;
const CANVAS_PIXELS = 16e6;
const PAGES = 2_000;

/** A document's scripts, forms and actions are never looked at: only its pages are drawn. */
function open(bytes: ArrayBuffer): PDFDocumentLoadingTask {
  return getDocument({
    data: new Uint8Array(bytes.slice(0)),
    enableXfa: false,
    useWasm: false,
    maxImageSize: IMAGE_PIXELS,
    canvasMaxAreaInBytes: CANVAS_PIXELS * 4,
    cMapUrl: `${MORE}cmaps/`,
    standardFontDataUrl: `${MORE}standard_fonts/`,
    wasmUrl: `${MORE}wasm/`,
    verbosity: 0,
  });
}

export function PdfFile({ file, zoom }: ShownProps) {
  const words = useWords(bilingualWords);
  const fetched = useBytes(file.url);
  if (fetched.state === 'loading') return <Waiting text={words.loading} />;
  if (fetched.state === 'failed') return <Unread {...fetched} />;
  return <Pages bytes={fetched.bytes} file={file} zoom={zoom} />;
}

type Opened = { readonly state: 'loading' | 'locked' | 'damaged' } | { readonly state: 'open'; readonly document: PDFDocumentProxy };

/** The pages of a document, below each other; those in sight are drawn. */
export function Pages({ bytes, file, zoom }: { readonly bytes: ArrayBuffer; readonly file: Attachment; readonly zoom: number }) {
  const words = useWords(bilingualWords);
  const opened = useDocument(bytes);
  const scroll = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(1);
  if (opened.state === 'loading') return <Waiting text={words.loading} />;
  if (opened.state !== 'open') return <Unshown file={file} text={opened.state === 'locked' ? words.locked : words.damaged} />;
  const count = opened.document.numPages;
  const shown = Math.min(count, PAGES);
  return (
    <>
      <div className="pdf" ref={scroll} tabIndex={0} role="document" aria-label={words.pages(count)}>
        {Array.from({ length: shown }, (_, at) => (
          <Page key={at} document={opened.document} number={at + 1} zoom={zoom} words={words} onSeen={setSeen} />
        ))}
        {shown < count && <p className="viewer-cut">{words.longest(shown)}</p>}
      </div>
      <p className="pdf-place" aria-hidden="true">
        {words.page(seen, count)}
      </p>
    </>
  );
}

function useDocument(bytes: ArrayBuffer): Opened {
  const [opened, setOpened] = useState<Opened>({ state: 'loading' });
  useEffect(() => {
    const task = open(bytes);
    let left = false;
    task.promise.then(
      (document) => {
        if (!left) setOpened({ state: 'open', document });
      },
      (caught: unknown) => {
        if (!left) setOpened({ state: caught instanceof PasswordException ? 'locked' : 'damaged' });
      },
    );
    return () => {
      left = true;
      void task.destroy();
    };
  }, [bytes]);
  return opened;
}

interface PageProps {
  readonly document: PDFDocumentProxy;
  readonly number: number;
  readonly zoom: number;
  readonly words: PreviewWords;
  readonly onSeen: (page: number) => void;
}

function Page({ document, number, zoom, words, onSeen }: PageProps) {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(number <= 2);
  const [ratio, setRatio] = useState(Math.SQRT1_2);
  useNear(place, setNear, () => onSeen(number));
  useEffect(() => {
    const element = place.current;
    if (!near || element === null) return;
    return drawPage(document, number, element, setRatio);
  }, [document, number, near, zoom]);
  return (
    <div
      ref={place}
      className="pdf-page"
      role="region"
      aria-label={words.page(number, document.numPages)}
      style={{ aspectRatio: `${ratio}`, width: `calc(min(100%, 60rem) * ${zoom})` }}
    />
  );
}

/** Tell when the page comes near, and when it is the one being read. */
function useNear(place: React.RefObject<HTMLDivElement | null>, onNear: (near: boolean) => void, onRead: () => void): void {
  const read = useRef(onRead);
  useEffect(() => {
    read.current = onRead;
  });
  useEffect(() => {
    const element = place.current;
    const root = element?.parentElement ?? null;
    if (element === null) return;
    const nearing = new IntersectionObserver((entries) => onNear(entries.at(-1)?.isIntersecting === true), { root, rootMargin: '100% 0px' });
    const reading = new IntersectionObserver((entries) => entries.at(-1)?.isIntersecting === true && read.current(), { root, rootMargin: '-45% 0px -45% 0px' });
    nearing.observe(element);
    reading.observe(element);
    return () => {
      nearing.disconnect();
      reading.disconnect();
    };
  }, [place, onNear]);
}

/** Draw a page with its text over it, for selecting and for who listens; what it returns takes it away again. */
function drawPage(document: PDFDocumentProxy, number: number, element: HTMLElement, onRatio: (ratio: number) => void): () => void {
  let end: () => void = () => undefined;
  let left = false;
  void document
    .getPage(number)
    .then(async (page) => {
      const natural = page.getViewport({ scale: 1 });
      onRatio(natural.width / natural.height);
      const scale = element.clientWidth / natural.width;
      const sharp = Math.min(window.devicePixelRatio * scale, Math.sqrt(CANVAS_PIXELS / (natural.width * natural.height)));
      const viewport = page.getViewport({ scale: sharp });
      const canvas = window.document.createElement('canvas');
      canvas.width = Math.floor(viewport.width);
      canvas.height = Math.floor(viewport.height);
      const drawing = page.render({ canvas, viewport });
      const textPlace = window.document.createElement('div');
      textPlace.className = 'textLayer';
      textPlace.style.setProperty('--total-scale-factor', String(scale));
      const text = new TextLayer({ textContentSource: page.streamTextContent(), container: textPlace, viewport: page.getViewport({ scale }) });
      end = () => {
        drawing.cancel();
        text.cancel();
        element.replaceChildren();
      };
      if (left) return;
      await drawing.promise;
      element.replaceChildren(canvas, textPlace);
      await text.render();
    })
    // Left before it was drawn, or a page that is damaged: it stays blank.
    .catch(() => undefined);
  return () => {
    left = true;
    end();
  };
}
