import { describe, expect, it } from 'vitest';

import type { AccountId, BlobId } from '../../wire/ids.ts';
import type { RawMessage } from '../../wire/jmap-types.ts';
import { readBody } from '../lists/read.ts';
import { flowOf, unflowed } from './flowed.ts';

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
