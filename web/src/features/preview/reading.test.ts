import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { readCalendar } from './calendar-read.ts';
import { readCards } from './cards-read.ts';
import { decode, isBinary } from './charset.ts';
import { readTable } from './csv.ts';
import { nameOf } from './eml.ts';
import { fileName, kindOf, plainName } from './kinds.ts';
import { withLineEnds } from './parse.ts';
import { drawingPage } from './Picture.tsx';
import { pixelsOf } from './pixels.ts';
import { WINDOWS_ZONES } from './windows-zones.ts';
import { listZip } from './zip.ts';
import { distinct } from './zipping.ts';
import { instantIn } from './zones.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('what a file is shown as', () => {
  it('goes by its name, then by its type', () => {
    expect(kindOf('note.pdf', 'application/octet-stream')).toBe('pdf');
    expect(kindOf('rapport.docx', 'application/zip')).toBe('office');
    expect(kindOf('', 'message/rfc822')).toBe('mail');
    expect(kindOf('logo.svg', 'image/png')).toBe('svg');
    expect(kindOf('programme.exe', 'application/octet-stream')).toBe('none');
  });

  it('tells names as they are', () => {
    expect(plainName('facture\u202efdp.exe')).toBe('facturefdp.exe');
    expect(fileName('../../etc/a:b?.txt', 'x')).toBe('_.._etc_a_b_.txt');
    expect(fileName(' . ', 'fichier')).toBe('fichier');
    expect(distinct(['a.txt', 'A.txt', 'a.txt'])).toEqual(['a.txt', 'A (2).txt', 'a (3).txt']);
    expect(nameOf({ subject: 'Re: Sortie / bilan', receivedAt: '' }, 'x')).toBe('Re_ Sortie _ bilan.eml');
  });
});

describe('texts', () => {
  it('are read in their letters', () => {
    expect(decode(bytes('é'))).toBe('é');
    expect(decode(Uint8Array.of(0xe9, 0x20))).toBe('é ');
    expect(decode(Uint8Array.of(0xff, 0xfe, 0xe9, 0x00))).toBe('é');
    expect(decode(Uint8Array.of(0xe9), 'unheard-of')).toBe('é');
    expect(isBinary(Uint8Array.of(1, 0, 2))).toBe(true);
  });

  it('become tables', () => {
    expect(readTable('a;b\r\n"c;d";"e ""f"""\n')).toEqual([['a', 'b'], ['c;d', 'e "f"']]);
    expect(readTable('a,b\n1,2')).toEqual([['a', 'b'], ['1', '2']]);
  });
});

describe('pictures', () => {
  it('tell their size before they are drawn', () => {
    const png = new Uint8Array(30);
    png.set([0x89, 0x50, 0x4e, 0x47], 0);
    new DataView(png.buffer).setUint32(16, 40_000);
    new DataView(png.buffer).setUint32(20, 30_000);
    expect(pixelsOf(png.buffer)).toEqual({ width: 40_000, height: 30_000 });
    expect(pixelsOf(Uint8Array.of(0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 20, 0, 30, 0, 0, 0).buffer)).toEqual({ width: 30, height: 20 });
    expect(pixelsOf(new ArrayBuffer(3))).toBeNull();
  });

  it('that are drawings are pictures in a page that can do nothing', () => {
    const page = drawingPage(bytes('<svg onload="alert(1)"><script>alert(1)</script></svg>').buffer, 1);
    expect(page).toContain("default-src 'none'; img-src data:");
    expect(page).not.toContain('alert');
  });
});

describe('zips', () => {
  it('are listed from their directory alone', async () => {
    const zip = zipSync({ 'dossier/lettre.txt': bytes('x'.repeat(5000)), 'note.txt': bytes('y') });
    const asked: [number, number][] = [];
    const listing = await listZip(zip.length, (from, to) => {
      asked.push([from, to]);
      return Promise.resolve(zip.subarray(from, to));
    });
    expect(listing).toMatchObject({ count: 2, size: 5001 });
    expect(listing?.entries.map((entry) => entry.name)).toEqual(['dossier/lettre.txt', 'note.txt']);
    expect(asked).toHaveLength(1);
  });

  it('that are none say so', async () => {
    expect(await listZip(100, () => Promise.resolve(new Uint8Array(100)))).toBeNull();
  });
});

describe('calendars and cards', () => {
  it('are read', () => {
    const text = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:CANCEL\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261126\r\nSUMMARY:Sortie\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
    expect(readCalendar(text).events).toMatchObject([
      { title: 'Sortie', start: '2026-11-24T00:00:00', end: '2026-11-25T00:00:00', wholeDay: true, cancelled: true },
    ]);
    expect(() => readCalendar('<html>')).toThrow();
  });

  it('of version 2.1 too', () => {
    const old = 'BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Lef=C3=A8vre;Claire\r\nTEL;CELL:06\r\nEND:VCARD\r\n';
    expect(readCards(old)).toMatchObject({ people: [{ name: 'Claire Lefèvre', phones: ['06'] }], count: 1 });
    expect(readCards('rien')).toEqual({ people: [], count: 0 });
  });

  it('show a photo that they hold, and never one that is elsewhere', () => {
    const card = (photo: string): unknown => readCards(`BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\n${photo}\r\nEND:VCARD\r\n`).people[0]?.photo;
    expect(card('PHOTO;ENCODING=b;TYPE=PNG:iVBORw0K\r\n Ggo=')).toBe('data:image/png;base64,iVBORw0KGgo=');
    expect(card('PHOTO;ENCODING=BASE64;JPEG:\r\n /9j/4AA\r\n Q==\r\n')).toBe('data:image/jpeg;base64,/9j/4AAQ==');
    expect(card('PHOTO:data:image/jpeg;base64\\,/9j/4AAQ==')).toBe('data:image/jpeg;base64,/9j/4AAQ==');
    expect(card('PHOTO;VALUE=uri:https://traceur.fr/a.png')).toBe('');
    expect(card('PHOTO:data:image/svg+xml;base64,PHN2Zz4=')).toBe('');
  });

  it('break lines of version 2.1 where letters are quoted alone', () => {
    const old = 'BEGIN:VCARD\r\nVERSION:2.1\r\nFN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Claire =\r\nLef=C3=A8=\r\nvre\r\nEND:VCARD\r\n';
    expect(readCards(old).people).toMatchObject([{ name: 'Claire Lefèvre' }]);
  });

  it('tell the hour of a zone that the file only names', () => {
    const at = (zone: string, clock = '20261201T090000'): unknown => {
      const event = `BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=${zone}:${clock}\r\nDURATION:PT1H\r\nEND:VEVENT`;
      return readCalendar(`BEGIN:VCALENDAR\r\n${event}\r\nEND:VCALENDAR\r\n`).events[0];
    };
    expect(at('Asia/Tokyo')).toMatchObject({ start: '2026-12-01T00:00:00.000Z', end: '2026-12-01T01:00:00.000Z', zone: '' });
    expect(at('America/New_York', '20260701T090000')).toMatchObject({ start: '2026-07-01T13:00:00.000Z', zone: '' });
    expect(at('Heure du Pacifique')).toMatchObject({ zone: 'Heure du Pacifique' });
    expect(at('constructor')).toMatchObject({ zone: 'constructor' });
  });

  it('tell the hour of a zone by its name in Windows, and by a name behind that of a program', () => {
    expect(instantIn('2026-12-01T09:00:00', 'Romance Standard Time')).toBe('2026-12-01T08:00:00.000Z');
    expect(instantIn('2026-07-01T09:00:00', 'romance standard time')).toBe('2026-07-01T07:00:00.000Z');
    expect(instantIn('2026-12-01T09:00:00', 'UTC-11')).toBe('2026-12-01T20:00:00.000Z');
    expect(instantIn('2026-12-01T09:00:00', '/mozilla.org/20070129_1/Europe/Paris')).toBe('2026-12-01T08:00:00.000Z');
    expect(instantIn('2026-12-01T09:00:00', '/example.org/America/Argentina/Cordoba')).toBe('2026-12-01T12:00:00.000Z');
    const names = Object.keys(WINDOWS_ZONES);
    expect(names).toHaveLength(139);
    expect(names.filter((name) => instantIn('2026-12-01T09:00:00', name) === null)).toEqual([]);
  });
});

describe('a message saved as a file', () => {
  const read = (text: string) => {
    const mended = withLineEnds(bytes(text));
    return mended === null ? null : new TextDecoder().decode(mended);
  };

  it('gets the line ends of mail where it has others', () => {
    expect(read('Subject: été\nTo: a@b.fr\r\n\nBonjour\n')).toBe('Subject: été\r\nTo: a@b.fr\r\n\r\nBonjour\r\n');
    expect(read('From a@b.fr Mon Nov 2\nSubject: x\n\n')).toBe('From a@b.fr Mon Nov 2\r\nSubject: x\r\n\r\n');
  });

  it('is left alone where they are right, or where it is none', () => {
    expect(read('Subject: x\r\n\r\nBonjour\r\n')).toBeNull();
    expect(read('Bonjour,\nvoici\n')).toBeNull();
    expect(read('')).toBeNull();
  });
});
