import ICAL from 'ical.js';

import { componentsOf } from './components.ts';
import { instantIn } from './zones.ts';

export interface Guest {
  readonly name: string;
  readonly answer: string;
}

export interface EventCard {
  readonly title: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly wholeDay: boolean;
  /** The zone whose hours these are, where nobody knows it; empty when they are told in one's own. */
  readonly zone: string;
  readonly place: string;
  readonly organiser: string;
  readonly guests: readonly Guest[];
  readonly notes: string;
  readonly repeats: boolean;
  readonly cancelled: boolean;
}

const MOST_GUESTS = 60;
/** Signs of a description that anyone would read here; the rest is in the download. */
const LONGEST_TEXT = 60_000;
const MOST_ZONES = 50;
/** Nothing on a calendar lasts longer; counting the days of a million years would. */
const LONGEST_SECONDS = 20 * 366 * 86_400;

/** The first MOST events of a calendar file, and how many it holds. Throws where it is none. */
export function readCalendar(text: string, most = Infinity): { readonly method: string; readonly events: readonly EventCard[]; readonly count: number } {
  const path = ['VCALENDAR'];
  const { first, count, around } = componentsOf(text, path, 'VEVENT', most);
  if (around.length === 0 && count === 0) throw new Error('no calendar');
  const zones = componentsOf(text, path, 'VTIMEZONE', MOST_ZONES).first;
  const root = new ICAL.Component(ICAL.parse(['BEGIN:VCALENDAR', ...zones, ...first, 'END:VCALENDAR', ''].join('\r\n')) as ConstructorParameters<typeof ICAL.Component>[0]);
  // Zones of one file are none of another's.
  ICAL.TimezoneService.reset();
  for (const zone of root.getAllSubcomponents('vtimezone')) {
    if (isBounded(zone)) ICAL.TimezoneService.register(zone);
    else root.removeSubcomponent(zone);
  }
  const method = around.map((line) => /^METHOD(?:;[^:]*)?:(.*)$/i.exec(line)?.[1]?.trim().toUpperCase() ?? '').find((found) => found !== '') ?? '';
  return { method, count, events: root.getAllSubcomponents('vevent').map((one) => readEvent(one, method === 'CANCEL')) };
}

const YEARLY: Readonly<Record<string, RegExp>> = { BYMONTH: /^(?:[1-9]|1[0-2])$/, BYDAY: /^(?:[+-]?[1-4]|-1|)(?:MO|TU|WE|TH|FR|SA|SU)$/, BYMONTHDAY: /^(?:[1-9]|1\d|2[0-8])$/ };

/** Whether a zone changes as zones do, once or twice a year: each change up to a date is counted through. */
function isBounded(zone: ICAL.Component): boolean {
  return [...zone.getAllSubcomponents('standard'), ...zone.getAllSubcomponents('daylight')].every((part) =>
    part.getAllProperties('rrule').every((property) => isYearly(property.getFirstValue())),
  );
}

function isYearly(rule: unknown): boolean {
  if (!(rule instanceof ICAL.Recur) || rule.freq !== 'YEARLY') return false;
  const parts = Object.entries(rule.parts as Record<string, readonly (string | number)[]>);
  const [days, dates] = [rule.parts.BYDAY?.join('') ?? '', rule.parts.BYMONTHDAY];
  // The first Sunday is never the 28th: such a day would be looked for without end.
  if (dates !== undefined && /\d/.test(days)) return false;
  return parts.every(([name, values]) => values.every((value) => YEARLY[name]?.test(String(value)) === true));
}

function readEvent(component: ICAL.Component, cancelled: boolean): EventCard {
  const event = new ICAL.Event(component);
  const start = component.hasProperty('dtstart') ? event.startDate : null;
  const wholeDay = start?.isDate === true;
  const zone = wholeDay ? '' : namedZone(component);
  const own = start === null ? null : moment(start, zone);
  return {
    title: textOf(component, 'summary'),
    start: own,
    end: start === null ? null : endOf(event, wholeDay, zone),
    wholeDay,
    zone: zone !== '' && start !== null && instantIn(start.toString(), zone) === null ? zone : '',
    place: textOf(component, 'location'),
    organiser: personOf(component.getFirstProperty('organizer')),
    guests: component.getAllProperties('attendee').slice(0, MOST_GUESTS).map((one) => ({ name: personOf(one), answer: parameter(one, 'partstat').toUpperCase() })),
    notes: textOf(component, 'description'),
    repeats: component.hasProperty('rrule'),
    cancelled: cancelled || textOf(component, 'status').toUpperCase() === 'CANCELLED',
  };
}

/** A whole day ends at the next one's beginning: the day before is meant. */
function endOf(event: ICAL.Event, wholeDay: boolean, zone: string): string | null {
  const lasts: unknown = event.component.getFirstPropertyValue('duration');
  if (lasts instanceof ICAL.Duration && !(Math.abs(lasts.toSeconds()) < LONGEST_SECONDS)) return null;
  const end = event.endDate.clone();
  if (wholeDay) end.adjust(-1, 0, 0, 0);
  return moment(end, zone);
}

/** The zone of the beginning, where the file names it without saying what it is. */
function namedZone(component: ICAL.Component): string {
  const property = component.getFirstProperty('dtstart');
  const name = property === null ? '' : parameter(property, 'tzid');
  return name !== '' && !ICAL.TimezoneService.has(name) ? name.slice(0, 80) : '';
}

/** With the offset of its zone, or as said on the spot where it has none. */
function moment(time: ICAL.Time, zone: string): string | null {
  if (time.isDate) return `${time.toString()}T00:00:00`;
  const told = zone === '' ? null : instantIn(time.toString(), zone);
  if (told !== null) return told;
  const date = time.toJSDate();
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function textOf(component: ICAL.Component, name: string): string {
  const value: unknown = component.getFirstPropertyValue(name);
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT).trim() : '';
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
