import { CalendarDays, Repeat } from 'lucide-react';
import { useMemo } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { TextBody } from '../../render/TextBody.tsx';
import type { Attachment } from '../../store/types.ts';
import { useBytes } from './bytes.ts';
import { type EventCard, readCalendar } from './calendar-read.ts';
import { declaredCharset, decode } from './charset.ts';
import { plainName } from './kinds.ts';
import { Unshown, Waiting } from './Shown.tsx';
import { spanOf } from './span.ts';
import { words as bilingualWords } from './words.ts';

const SHOWN = 100;

/** The events of a calendar file, each as a card one reads at a glance. */
export function Calendar({ file }: { readonly file: Attachment }) {
  const words = useWords(bilingualWords);
  const fetched = useBytes(file.url);
  const found = useMemo(() => (fetched.state === 'ready' ? tried(fetched.bytes, file.type) : null), [fetched, file.type]);
  if (fetched.state === 'failed') return <Unshown file={file} text={words.failed} />;
  if (found === null) return <Waiting text={words.loading} />;
  if (found === 'damaged') return <Unshown file={file} text={words.damaged} />;
  if (found.length === 0) return <Unshown file={file} text={words.noEvent} />;
  return (
    <div className="cards" tabIndex={0} role="document" aria-label={plainName(file.name)}>
      {found.slice(0, SHOWN).map((event, at) => (
        <Card key={at} event={event} />
      ))}
      {found.length > SHOWN && <p className="viewer-cut">{words.moreEvents(found.length - SHOWN)}</p>}
    </div>
  );
}

function tried(bytes: ArrayBuffer, type: string): readonly EventCard[] | 'damaged' {
  try {
    return readCalendar(decode(new Uint8Array(bytes), declaredCharset(type))).events;
  } catch {
    return 'damaged';
  }
}

function Card({ event }: { readonly event: EventCard }) {
  const language = useLanguage();
  const words = useWords(bilingualWords);
  const reading = language.words.reading;
  const guests = event.guests.map((guest) => guest.name).join(', ');
  return (
    <article className="card">
      <h3>
        <CalendarDays aria-hidden="true" size={20} strokeWidth={1.75} />
        <span>{event.title === '' ? words.untitled : event.title}</span>
        {event.cancelled && <span className="card-mark">{words.cancelled}</span>}
      </h3>
      <dl>
        {event.start !== null && (
          <div>
            <dt>{words.when}</dt>
            <dd>
              {spanOf(event, language.locale, words)}
              {event.repeats && (
                <span className="card-repeats">
                  <Repeat aria-hidden="true" size={16} /> {words.repeats}
                </span>
              )}
            </dd>
          </div>
        )}
        <Line label={words.where} text={event.place} />
        <Line label={words.organiser} text={event.organiser} />
        <Line label={words.guests} text={guests} />
      </dl>
      {event.notes !== '' && <TextBody text={event.notes} words={reading} />}
    </article>
  );
}

function Line({ label, text }: { readonly label: string; readonly text: string }) {
  if (text === '') return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{text}</dd>
    </div>
  );
}
