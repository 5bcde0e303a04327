import ICAL from 'ical.js';

export interface Guest {
  readonly name: string;
  readonly answer: string;
}

export interface EventCard {
  readonly title: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly wholeDay: boolean;
  readonly place: string;
  readonly organiser: string;
  readonly guests: readonly Guest[];
  readonly notes: string;
  readonly repeats: boolean;
  readonly cancelled: boolean;
}

const MOST_GUESTS = 60;

/** The events in a calendar file. Throws where it is none. */
export function readCalendar(text: string): { readonly method: string; readonly events: readonly EventCard[] } {
  const parsed: unknown = ICAL.parse(text);
  const root = new ICAL.Component((Array.isArray(parsed) && Array.isArray(parsed[0]) ? parsed[0] : parsed) as ConstructorParameters<typeof ICAL.Component>[0]);
  for (const zone of root.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const cancelled = textOf(root, 'method').toUpperCase() === 'CANCEL';
  const events = root.getAllSubcomponents('vevent').map((one) => readEvent(one, cancelled));
  return { method: textOf(root, 'method').toUpperCase(), events };
}

function readEvent(component: ICAL.Component, cancelled: boolean): EventCard {
  const event = new ICAL.Event(component);
  const start = component.hasProperty('dtstart') ? event.startDate : null;
  const wholeDay = start?.isDate === true;
  return {
    title: textOf(component, 'summary'),
    start: start === null ? null : moment(start),
    end: start === null ? null : endOf(event, wholeDay),
    wholeDay,
    place: textOf(component, 'location'),
    organiser: personOf(component.getFirstProperty('organizer')),
    guests: component.getAllProperties('attendee').slice(0, MOST_GUESTS).map((one) => ({ name: personOf(one), answer: parameter(one, 'partstat').toUpperCase() })),
    notes: textOf(component, 'description'),
    repeats: component.hasProperty('rrule'),
    cancelled: cancelled || textOf(component, 'status').toUpperCase() === 'CANCELLED',
  };
}

/** A whole day ends at the next one's beginning: the day before is meant. */
function endOf(event: ICAL.Event, wholeDay: boolean): string | null {
  const end = event.endDate.clone();
  if (wholeDay) end.adjust(-1, 0, 0, 0);
  return moment(end);
}

/** With the offset of its zone, or as said on the spot where it has none. */
function moment(time: ICAL.Time): string {
  return time.isDate ? `${time.toString()}T00:00:00` : time.toJSDate().toISOString();
}

function textOf(component: ICAL.Component, name: string): string {
  const value: unknown = component.getFirstPropertyValue(name);
  return typeof value === 'string' ? value.trim() : '';
}

function parameter(property: ICAL.Property, name: string): string {
  const value: unknown = property.getFirstParameter(name);
  return typeof value === 'string' ? value : '';
}

function personOf(property: ICAL.Property | null): string {
  if (property === null) return '';
  const address = String(property.getFirstValue() ?? '').replace(/^mailto:/i, '');
  const name = parameter(property, 'cn');
  return name === '' || name === address ? address : `${name} <${address}>`;
}
