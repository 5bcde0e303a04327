import { describe, expect, it } from 'vitest';

import type { BlobId } from '../../wire/ids.ts';
import type { RawPart } from '../../wire/jmap-types.ts';
import { WireError } from '../../wire/problems.ts';
import { decodeText, mendedTexts } from './charsets.ts';

const WORDS = 'Élève présent à l’école – 12 €';
const UTF8 = new TextEncoder().encode(WORDS);
const WINDOWS = Uint8Array.from(WORDS, (character) => ({ '’': 0x92, '–': 0x96, '€': 0x80 })[character] ?? character.charCodeAt(0));

function part(charset: string | null, type = 'text/plain'): RawPart {
  return { partId: '1', blobId: 'b' as BlobId, size: 1, name: null, type, charset, disposition: null, cid: null };
}

function garbled(charset: string | null) {
  const bodyValues = { 1: { value: '\ufffdl\ufffdve', isEncodingProblem: true, isTruncated: false } };
  return { bodyValues, htmlBody: [part(charset)], textBody: [part(charset)] };
}

describe('the bytes of a text without a true charset', () => {
  it.each([
    ['UTF-8, unnamed', UTF8, ''],
    ['UTF-8 that says us-ascii', UTF8, 'us-ascii'],
    ['UTF-8 that says Latin 1', UTF8, 'iso-8859-1'],
    ['Windows-1252, unnamed', WINDOWS, ''],
    ['Windows-1252 that says UTF-8', WINDOWS, 'utf-8'],
    ['Windows-1252 under a made-up name', WINDOWS, 'x-french'],
  ])('%s', (_name, bytes, label) => {
    expect(decodeText(bytes, label, 'text/plain')).toBe(WORDS);
  });

  it('the charset that a page names', () => {
    const page = Uint8Array.from('<meta charset="koi8-r">\u00d0', (character) => character.charCodeAt(0));
    expect(decodeText(page, '', 'text/html')).toBe('<meta charset="koi8-r">п');
  });
});

describe('a message', () => {
  it('has its lost characters back', async () => {
    const mended = await mendedTexts(garbled(null), () => Promise.resolve(WINDOWS.slice().buffer));
    expect(mended).toEqual({ 1: { value: WORDS, isEncodingProblem: false, isTruncated: false } });
  });

  it('stays as it came when its bytes can’t be had', async () => {
    const gone = () => Promise.reject(new WireError({ kind: 'not-found' }));
    expect(await mendedTexts(garbled(null), gone)).toBeNull();
  });

  it('asks for nothing when nothing is lost', async () => {
    const message = { ...garbled(null), bodyValues: { 1: { value: 'élève', isEncodingProblem: false, isTruncated: false } } };
    expect(await mendedTexts(message, () => Promise.reject(new Error('asked')))).toBeNull();
  });
});
