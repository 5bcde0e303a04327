import { describe, expect, it } from 'vitest';

import type { AccountId, BlobId } from '../../wire/ids.ts';
import type { RawMessage } from '../../wire/jmap-types.ts';
import { readBody } from '../lists/read.ts';
import { flowed, flowOf, unflowed } from './flowed.ts';

const LONG = 'La réunion du conseil d’administration se tiendra jeudi à dix-huit heures dans la salle polyvalente, merci de confirmer votre venue.';

describe('what a type says of its lines', () => {
  it.each([
    ['text/plain; charset=utf-8; format=flowed', { flowed: true, delsp: false }],
    ['text/plain; format="Flowed"; delsp=yes; charset=iso-8859-1', { flowed: true, delsp: true }],
    ['text/plain;\r\n charset=utf-8;\r\n\tFORMAT=FLOWED;\r\n DelSp=Yes', { flowed: true, delsp: true }],
    ['text/plain; format=fixed', { flowed: false, delsp: false }],
    ['text/plain; name="format=flowed.txt"', { flowed: false, delsp: false }],
    ['', { flowed: false, delsp: false }],
  ])('%s', (type, flow) => expect(flowOf(type)).toEqual(flow));
});

describe('a text that flows, read', () => {
  it.each([
    ['lines are put together', 'Un \ndeux \ntrois\nQuatre', 'Un deux trois\nQuatre'],
    ['the space of a stuffed line goes', ' From here\n  deux espaces\n >pas cité', 'From here\n deux espaces\n >pas cité'],
    ['what is quoted keeps its depth', '> un \n> deux\n>> trois \n>> quatre\nSeul', '> un deux\n>> trois quatre\nSeul'],
    ['another depth ends a line, whatever its end says', '> un \nOui \n> deux', '> un \nOui \n> deux'],
    ['the line before a signature stands alone', 'Bien à vous \n-- \nClaire', 'Bien à vous \n-- \nClaire'],
    ['quoted too', '> a \n> -- \n> b', '> a \n> -- \n> b'],
    ['empty lines stay', 'Un \n\nDeux\n\n', 'Un \n\nDeux\n\n'],
    ['line ends of any kind', 'Un \r\ndeux\r\n', 'Un deux\n'],
  ])('%s', (_, text, read) => expect(unflowed(text, false)).toBe(read));

  it('without the spaces that only part it', () => {
    expect(unflowed('https://exem \nple.fr/lon \ng\nUn  \ndeux', true)).toBe('https://exemple.fr/long\nUn deux');
  });
});

describe('a text that flows, written', () => {
  it('parts long lines at spaces, and no line is too long for anyone', () => {
    const lines = flowed(LONG).split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line) => line.length <= 78)).toBe(true);
    expect(lines.slice(0, -1).every((line) => line.endsWith(' '))).toBe(true);
  });

  it('leaves no line that goes on by chance, and keeps the one before a signature', () => {
    expect(flowed('Un  \nDeux\n-- \nClaire')).toBe('Un\nDeux\n-- \nClaire');
  });

  it('stuffs what would be read as something else', () => {
    expect(flowed(' retrait\nFrom Paris')).toBe('  retrait\n From Paris');
  });

  it('marks each line that is quoted', () => {
    const lines = flowed(`>> ${LONG}`).split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line) => line.startsWith('>> ') && line.length <= 78)).toBe(true);
    expect(flowed('> > un\n>\n> ')).toBe('>> un\n>\n>');
  });

  it('leaves a word whole however long it is', () => {
    const address = `https://exemple.fr/${'a'.repeat(200)}`;
    expect(flowed(`Voir ${address} et dire`)).toBe(`Voir \n${address} \net dire`);
    expect(flowed(address)).toBe(address);
    expect(flowed(`-- ${address}`)).toBe(`-- ${address}`);
  });

  it.each([LONG, `> ${LONG}\n>> ${LONG}\n\n${LONG}`, ' retrait\n\tonglet\nFrom Paris', `${LONG}\n-- \nClaire\n`, ` ${LONG}`, 'a  b   '.repeat(40).trim(), ' '.repeat(100), ''])(
    'is read as it was written: %#',
    (text) => {
      const trimmed = text.split('\n').map((line) => (line === '-- ' ? line : line.trimEnd())).join('\n');
      expect(unflowed(flowed(text), false)).toBe(trimmed);
    },
  );
});

describe('a message whose text flows', () => {
  const read = (contentType: string | null): unknown => {
    const part = { partId: '1', blobId: 'G1' as BlobId, size: 9, name: null, type: 'text/plain', charset: 'utf-8', disposition: null, cid: null, 'header:Content-Type': contentType };
    const value = { value: '> Un \n> deux\nTrois', isEncodingProblem: false, isTruncated: false };
    return readBody('a' as AccountId, { htmlBody: [part], textBody: [part], attachments: [], bodyValues: { 1: value } } as unknown as RawMessage).parts[0];
  };

  it('is read with its own lines, wherever it is shown or quoted', () => {
    expect(read(' text/plain; charset=utf-8; format=flowed')).toMatchObject({ kind: 'text', value: '> Un deux\nTrois' });
    expect(read(' text/plain; charset=utf-8')).toMatchObject({ value: '> Un \n> deux\nTrois' });
    expect(read(null)).toMatchObject({ value: '> Un \n> deux\nTrois' });
  });
});
