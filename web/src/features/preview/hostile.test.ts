import { describe, expect, it } from 'vitest';

import { clock } from '../../mock/clock.ts';
import { readCalendar } from './calendar-read.ts';
import { readCards } from './cards-read.ts';
import { coloured } from './colours.ts';
import { readTable } from './csv.ts';
import { isDrawing, isTooHeavy } from './drawing-weight.ts';
import { listZip, MOST_ENTRIES } from './zip.ts';

/** What READ gives, and at once: everything here is drawn on the page's own thread. */
function quickly<Result>(read: () => Result, milliseconds = 1_500): Result {
  const spent = clock();
  const result = read();
  expect(spent()).toBeLessThan(milliseconds);
  return result;
}

function calendar(event: readonly string[], zone: readonly string[] = []): string {
  const around = ['BEGIN:VCALENDAR', 'VERSION:2.0', ...zone, 'BEGIN:VEVENT', 'SUMMARY:Conseil', ...event, 'END:VEVENT', 'END:VCALENDAR', ''];
  return around.join('\r\n');
}

function paris(rule: string): readonly string[] {
  const change = ['DTSTART:19700101T000000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0900', rule];
  return ['BEGIN:VTIMEZONE', 'TZID:Europe/Paris', 'BEGIN:STANDARD', ...change, 'END:STANDARD', 'END:VTIMEZONE'];
}

describe('calendars made to take long', () => {
  it.each([
    ['a million years', ['DTSTART:20261126T160000Z', 'DURATION:PT999999999999H']],
    ['days without end', ['DTSTART:20261126T160000Z', 'DURATION:P99999999D']],
    ['weeks backwards', ['DTSTART:20261126T160000Z', 'DURATION:-P999999999W']],
    ['a day that is none', ['DTSTART:99999999T999999Z', 'DTEND:00000000T000000Z']],
    ['guests', ['DTSTART:20261126T160000Z', ...Array.from({ length: 20_000 }, (_, at) => `ATTENDEE:mailto:a${at}@b.fr`)]],
    ['a title without end', [`DESCRIPTION:${'a'.repeat(2_000_000)}`]],
  ])('%s', (_, event) => {
    expect(quickly(() => readCalendar(calendar(event))).events).toMatchObject([{ title: 'Conseil' }]);
  });

  it.each(['FREQ=SECONDLY', 'FREQ=HOURLY', 'FREQ=DAILY', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31', 'FREQ=YEARLY;BYDAY=1SU;BYMONTHDAY=28', 'FREQ=YEARLY;BYHOUR=1,2,3'])(
    'a zone that changes all the time, or never: %s',
    (rule) => {
      const event = ['DTSTART;TZID=Europe/Paris:20261126T160000'];
      expect(quickly(() => readCalendar(calendar(event, paris(`RRULE:${rule}`)))).events).toHaveLength(1);
    },
  );

  it('a zone of one file is none of the next', () => {
    const event = ['DTSTART;TZID=Europe/Paris:20261126T160000'];
    const before = readCalendar(calendar(event)).events[0]?.start;
    const strange = readCalendar(calendar(event, paris('RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU'))).events[0]?.start;
    expect(strange).toBe('2026-11-26T07:00:00.000Z');
    expect(readCalendar(calendar(event)).events[0]?.start).toBe(before);
  });

  it('thousands of events: the first are read, all are counted', () => {
    const event = ['BEGIN:VEVENT', 'SUMMARY:<img src=x onerror=alert(1)>', 'DTSTART:20261126T160000Z', 'END:VEVENT'];
    const text = ['BEGIN:VCALENDAR', 'METHOD:PUBLISH', ...Array.from({ length: 20_000 }, () => event).flat(), 'END:VCALENDAR'].join('\r\n');
    const read = quickly(() => readCalendar(text, 100));
    expect([read.events.length, read.count, read.method]).toEqual([100, 20_000, 'PUBLISH']);
    expect(read.events[99]?.title).toBe('<img src=x onerror=alert(1)>');
  });

  it.each([
    ['begun and never ended', 'BEGIN:VCALENDAR\nMETHOD:X\n' + 'BEGIN:VEVENT\n'.repeat(200_000)],
    ['ended and never begun', 'BEGIN:VCALENDAR\nMETHOD:X\n' + 'END:VEVENT\n'.repeat(200_000)],
  ])('components %s', (_, text) => {
    expect(quickly(() => readCalendar(text)).events).toEqual([]);
  });
});

describe('cards made to take long', () => {
  it('begun and never ended', () => {
    expect(quickly(() => readCards('BEGIN:VCARD\n'.repeat(400_000)))).toEqual({ people: [], count: 0 });
  });

  it('thousands of them: the first are read, all are counted', () => {
    const card = 'BEGIN:VCARD\nVERSION:3.0\nFN:Claire\nPHOTO;VALUE=URI:https://piege.example/a.png\nEND:VCARD\n';
    const { people, count } = quickly(() => readCards(card.repeat(50_000), 200));
    expect([people.length, count]).toEqual([200, 50_000]);
    expect(JSON.stringify(people)).not.toContain('piege');
  });
});

describe('texts made to take long', () => {
  it.each(['{', '`${', '<a b="', 'a '])('in colours: %s', (piece) => {
    const nodes = coloured(piece.repeat(2_000), 'js') ?? [];
    expect(nodes.length).toBeLessThan(20_000);
    expect(nodes.every((node) => ['text', 'element'].includes(node.type))).toBe(true);
  });

  it('as tables', () => {
    for (const piece of ['"', '""', ';', '\n', ';\n', '"\n', '\r', 'a;']) {
      quickly(() => readTable(piece.repeat(400_000 / piece.length)));
    }
  });
});

describe('zips made to take long', () => {
  it('more files than are listed', async () => {
    const name = new TextEncoder().encode('../../../etc/passwd');
    const entry = new Uint8Array(46 + name.length);
    new DataView(entry.buffer).setUint32(0, 0x02014b50, true);
    new DataView(entry.buffer).setUint16(28, name.length, true);
    entry.set(name, 46);
    const count = 200_000;
    const zip = new Uint8Array(count * entry.length + 22);
    for (let at = 0; at < count; at += 1) zip.set(entry, at * entry.length);
    const end = new DataView(zip.buffer, count * entry.length);
    end.setUint32(0, 0x06054b50, true);
    end.setUint32(12, count * entry.length, true);
    const spent = clock();
    const listing = await listZip(zip.length, (from, to) => Promise.resolve(zip.subarray(from, to)));
    expect(spent()).toBeLessThan(1_500);
    expect([listing?.count, listing?.entries.length]).toEqual([count, MOST_ENTRIES]);
  });
});

describe('drawings', () => {
  const drawing = (inside: string) => new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`).buffer;
  const levels = (made: (level: number) => string) => Array.from({ length: 9 }, (_, level) => made(level + 1)).join('');

  it.each([
    ['parts in each other', `<g id="g0"><rect/></g>${levels((at) => `<g id="g${at}">${`<use href="#g${at - 1}"/>`.repeat(10)}</g>`)}`],
    ['the same by their old names', `<g id="g0"><rect/></g>${levels((at) => `<g id="g${at}">${`<use xmlns:x="http://www.w3.org/1999/xlink" x:href="#g${at - 1}"/>`.repeat(10)}</g>`)}`],
    ['patterns of patterns', `<pattern id="g0"><rect/></pattern>${levels((at) => `<pattern id="g${at}">${`<rect fill="url(#g${at - 1})"/>`.repeat(10)}</pattern>`)}`],
    ['masks in styles', `<mask id="g0"><rect/></mask>${levels((at) => `<mask id="g${at}">${`<rect style="mask:url('#g${at - 1}')"/>`.repeat(10)}</mask>`)}`],
  ])('that grow are not drawn: %s', (_, inside) => {
    expect(quickly(() => isTooHeavy(drawing(inside)))).toBe(true);
  });

  it.each([
    ['an ordinary one', '<defs><linearGradient id="a"/></defs>' + '<rect fill="url(#a)"/>'.repeat(5_000)],
    ['one that shows itself', '<g id="a"><use href="#a"/><use href="#b"/></g><g id="b"><use href="#a"/></g>'],
    ['one that is none', '<rect'],
  ])('are drawn: %s', (_, inside) => {
    expect(quickly(() => isTooHeavy(drawing(inside)))).toBe(false);
  });
});

describe('a file that calls itself a drawing', () => {
  const bytes = (text: string) => new TextEncoder().encode(text).buffer;

  it.each([
    ['<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', true],
    ['<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg"/>', true],
    ['<html><body><h1>200</h1></body></html>', false],
    ['<svg xmlns="http://www.w3.org/2000/svg"><path', false],
    ['', false],
  ])('%s', (text, is) => expect(isDrawing(bytes(text))).toBe(is));
});
