import { CalendarDays, Repeat } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { TextBody } from '../../render/TextBody.tsx';
import type { Attachment } from '../../store/types.ts';
import { type EventCard, readCalendar } from './calendar-read.ts';
import { CardList, type Listed } from './CardList.tsx';
import { spanOf } from './span.ts';
import { words as bilingualWords } from './words.ts';

const SHOWN = 100;

/** The events of a calendar file, each as a card one reads at a glance. */
export function Calendar({ file }: { readonly file: Attachment }) {
  const words = useWords(bilingualWords);
  return <CardList file={file} read={eventsOf} none={words.noEvent} more={words.moreEvents} draw={(event) => <Card event={event} />} />;
}

function eventsOf(text: string): Listed<EventCard> {
  const { events, count } = readCalendar(text, SHOWN);
  return { items: events, count };
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
              {event.zone !== '' && ` (${words.zone(event.zone)})`}
              {event.repeats && (
                <span className="card-repeats">
                  <Repeat aria-hidden="true" size={16} /> {words.repeats}
                </span>
              )}
            </dd>
          </div>
        )}
        {event.place !== '' && (
          <div>
            <dt>{words.where}</dt>
            <dd>
              <TextBody text={event.place} words={reading} />
            </dd>
          </div>
        )}
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
