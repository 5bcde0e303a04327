import { useEffect, useMemo, useState } from 'react';

import { type Language, useLanguage } from '../i18n/index.tsx';
import type { Attachment, BodyPart } from '../store/types.ts';
import { Button } from '../ui/Button.tsx';
import { useSettings } from '../ui/settings.tsx';
import { contentId } from './css.ts';
import type { Ground } from './frame.ts';
import { MailFrame } from './MailFrame.tsx';
import { type CleanMail, cleanMail, type MailOptions } from './sanitize.ts';
import { TextBody } from './TextBody.tsx';

/** Beyond this many characters the text comes first, and the layout when asked: no message may freeze the page. */
const HEAVY = 700_000;

interface Props {
  readonly html: string;
  readonly pictures: readonly BodyPart[];
  readonly files: readonly Attachment[];
  readonly from: string;
}

/** An HTML message: cleaned, framed, its history folded, its far pictures asked for. */
export function HtmlBody({ html, pictures, files, from }: Props) {
  const language = useLanguage();
  const { words } = language;
  const [asked, setAsked] = useState(false);
  if (html.length > HEAVY && !asked) {
    return (
      <>
        <Notice
          text={words.reading.heavy(language.size(html.length))}
          act={words.reading.showLayout}
          onAct={() => setAsked(true)}
        />
        <TextBody text={textOf(html)} words={words.reading} />
      </>
    );
  }
  return <Framed html={html} pictures={pictures} files={files} from={from} />;
}

function Framed({ html, pictures, files, from }: Props) {
  const language = useLanguage();
  const { words } = language;
  const { dark } = useSettings();
  const [remote, setRemote] = useState(false);
  const [whole, setWhole] = useState(false);
  const inline = useInline(html, pictures, files);
  const { mail, ground } = useMemo(
    () => clean(html, { remote, whole, inline, dark }, language),
    [html, remote, whole, inline, dark, language],
  );
  const foldable = mail.folded || whole;
  return (
    <>
      {mail.blocked > 0 && !remote && (
        <Notice text={words.reading.images} act={words.reading.showImages} onAct={() => setRemote(true)} />
      )}
      <MailFrame mail={mail} ground={ground} remote={remote} title={words.reading.frame(from)} lang={language.locale} />
      {foldable && (
        <button type="button" className="history-button" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? words.reading.hideHistory : words.reading.showHistory}
        </button>
      )}
    </>
  );
}

type Choices = Pick<MailOptions, 'remote' | 'whole' | 'inline' | 'dark'>;

function clean(html: string, choices: Choices, language: Language): { mail: CleanMail; ground: Ground } {
  const options: MailOptions = {
    ...choices,
    dark: false,
    elsewhere: language.words.reading.elsewhere,
    composeAt: (address) => `${location.origin}${location.pathname}?ecrire=${encodeURIComponent(address)}`,
  };
  const mail = cleanMail(html, options);
  if (!choices.dark || mail.paints) return { mail, ground: 'light' };
  return { mail: cleanMail(html, { ...options, dark: true }), ground: 'dark' };
}

function Notice({ text, act, onAct }: { readonly text: string; readonly act: string; readonly onAct: () => void }) {
  return (
    <div className="banner" role="note">
      <p>{text}</p>
      <Button label={act} small look="outline" onClick={onAct} />
    </div>
  );
}

/** Pictures that the message carries, fetched with the session and handed to the frame as data: it can fetch nothing. */
function useInline(
  html: string,
  parts: readonly BodyPart[],
  files: readonly Attachment[],
): ReadonlyMap<string, string> {
  const [inline, setInline] = useState<ReadonlyMap<string, string>>(NONE);
  useEffect(() => {
    const wanted = new Set([...html.matchAll(/cid:([^"'\s)>]+)/gi)].map((match) => contentId(match[0])));
    if (wanted.size === 0) return;
    const all = [...files, ...parts.flatMap((part) => (part.kind === 'picture' ? [part.attachment] : []))];
    const needed = all.filter((file) => file.cid !== null && wanted.has(file.cid) && file.type.startsWith('image/'));
    const stop = new AbortController();
    void Promise.all(needed.map((file) => fetchPicture(file, stop.signal))).then((found) => {
      if (stop.signal.aborted) return;
      setInline(new Map(found.filter((pair) => pair !== null)));
    });
    return () => stop.abort();
  }, [html, parts, files]);
  return inline;
}

const NONE: ReadonlyMap<string, string> = new Map();

async function fetchPicture(file: Attachment, signal: AbortSignal): Promise<readonly [string, string] | null> {
  try {
    const answer = await fetch(file.url, { signal, credentials: 'same-origin' });
    if (!answer.ok) return null;
    const data = await asDataUrl(new Blob([await answer.arrayBuffer()], { type: file.type }));
    return [file.cid ?? '', data];
  } catch {
    // Not there, or the message was left: it shows the picture's name instead.
    return null;
  }
}

function asDataUrl(blob: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => done(typeof reader.result === 'string' ? reader.result : ''));
    reader.addEventListener('error', () => failed(reader.error ?? new Error('unreadable picture')));
    reader.readAsDataURL(blob);
  });
}

/** The words of an HTML text, read without drawing it. */
function textOf(html: string): string {
  const document = new DOMParser().parseFromString(html.replace(/<br\s*\/?>|<\/(?:p|div|tr|li|h\d)>/gi, '\n$&'), 'text/html');
  for (const hidden of document.querySelectorAll('style, script, title')) hidden.remove();
  return document.body.textContent.replace(/[ \t]+/g, ' ').replace(/\n\s*\n\s*/g, '\n\n');
}
