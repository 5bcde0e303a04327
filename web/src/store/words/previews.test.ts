import { describe, expect, it } from 'vitest';
import type { EmailId } from '../../wire/ids.ts';
import type { RawHead, RawPart } from '../../wire/jmap-types.ts';
import { firstWords, MissingPreviews } from './previews.ts';

const part = (type: string): RawPart => ({ partId: '1', blobId: null, size: 1, name: null, type, charset: null, disposition: null, cid: null });
const body = (value: string) => ({ '1': { value, isEncodingProblem: false, isTruncated: false } });
const head = (id: string, preview: string) => ({ id: id as EmailId, preview }) as RawHead;

describe('first words read by the client', () => {
  it('are those of the text, without quotes', () => {
    expect(firstWords({ textBody: [part('text/plain')], bodyValues: body('> Viendrez-vous ?\nOui,\n  volontiers.') })).toBe('Oui, volontiers.');
  });

  it('are those that a page shows', () => {
    const page = '<title>x</title><style>p{}</style><p>Bonjour&nbsp;à tous</p><script>alert(1)</script>';
    expect(firstWords({ textBody: [part('text/html')], bodyValues: body(page) })).toBe('Bonjour à tous');
  });

  it('are none where there is no text', () => {
    expect(firstWords({ textBody: [], bodyValues: {} })).toBe('');
  });

  it('are asked for once, and only where they are missing', () => {
    const missing = new MissingPreviews();
    expect(missing.among([head('a', ''), head('b', 'Bonjour')])).toEqual(['a']);
    expect(missing.among([head('a', ''), head('c', '')])).toEqual(['c']);
  });
});
