import { describe, expect, it } from 'vitest';

import type { EmailId, MailboxId, ThreadId } from '../wire/ids.ts';
import { buildEmail, UNSAID } from './writing/draft-email.ts';
import { applyPatch, inversePatch, mergePatches, patchPaths } from './sync/patch.ts';
import { plainOf } from './words/plain.ts';
import { distrustAfterHole, firstGap, type Place, placeThread, resize, writeWindow } from './lists/rows.ts';
import type { DraftKey } from './types.ts';

const id = (name: string) => name as EmailId;
const ids = (names: string): Place[] => names.split('').map((name) => (name === '.' ? undefined : id(name)));
const text = (places: readonly Place[]) => places.map((place) => place ?? '.').join('');
/** Messages named a, b, c… of which a is the newest. */
const lookup = (email: EmailId) => ({ id: email, threadId: `T${email}` as ThreadId, receivedAt: (200 - email.charCodeAt(0)).toString() });

describe('places of a list', () => {
  it.each([
    ['bcd', undefined, 'a', 'abcd'],
    ['acd', undefined, 'b', 'abcd'],
    ['abc', undefined, 'd', 'abcd'],
    ['abcd', 'c', undefined, 'abd'],
    ['bcd', 'd', 'a', 'abc'],
    ['a..d', undefined, 'b', 'a...d'],
    ['ab..', undefined, 'c', 'ab...'],
    ['abc', 'b', 'b', 'abc'],
  ])('%s, %s becomes %s: %s', (before, standing, head, after) => {
    const places = ids(before);
    placeThread(places, standing === undefined ? undefined : id(standing), head === undefined ? undefined : lookup(id(head)), lookup);
    expect(text(places)).toBe(after);
  });

  it('a window names each message once', () => {
    const places = ids('abcd....');
    writeWindow(places, 4, [id('d'), id('e')]);
    expect(text(places)).toBe('abc.de..');
    resize(places, 6);
    expect(text(places)).toBe('abc.de');
    distrustAfterHole(places);
    expect(text(places)).toBe('abc...');
  });

  it.each([
    ['abc...', 0, 2, null],
    ['abc...', 0, 9, { first: 3, last: 5 }],
    ['.bc.e.', 1, 4, { first: 3, last: 3 }],
    ['', 0, 9, null],
  ])('the gap of %s between %i and %i', (places, first, last, gap) => {
    expect(firstGap(ids(places), first, last, (place) => place === undefined)).toEqual(gap);
  });
});

describe('a patch', () => {
  const email = { id: id('a'), threadId: 'T' as ThreadId, mailboxIds: { in: true } as never, keywords: { $seen: true as const } };
  const patch = { keywords: { $seen: false, $flagged: true }, mailboxIds: { in: false, out: true } as never };

  it('applied twice is applied once, and its inverse takes it back', () => {
    const once = applyPatch(email, patch);
    expect(once).toMatchObject({ keywords: { $flagged: true }, mailboxIds: { out: true } });
    expect(applyPatch(once, patch)).toEqual(once);
    expect(applyPatch(once, inversePatch(email, patch))).toEqual(email);
  });

  it('merged with its inverse changes nothing', () => {
    expect(applyPatch(email, mergePatches(patch, inversePatch(email, patch)))).toEqual(email);
  });

  it('is written as paths, escaped as RFC 6901 says', () => {
    expect(patchPaths({ keywords: { 'a/b~c': true, $seen: false } })).toEqual({ 'keywords/a~1b~0c': true, 'keywords/$seen': null });
  });
});

describe('plain text', () => {
  it.each([
    ['<p>Bonjour <b>Marie</b>,</p><p>À demain.</p>', 'Bonjour Marie,\n\nÀ demain.'],
    ['<ul><li><p>un</p></li><li><p>deux</p></li></ul>', '- un\n- deux'],
    ['<ol><li>un</li><li>deux</li></ol>', '1. un\n2. deux'],
    ['<blockquote><p>cité</p><blockquote><p>plus tôt</p></blockquote></blockquote><p>réponse</p>', '> cité\n>\n>> plus tôt\n\nréponse'],
    ['<p><a href="https://exemple.fr/x">ici</a> et <a href="https://exemple.fr">https://exemple.fr</a></p>', 'ici <https://exemple.fr/x> et https://exemple.fr'],
    ['<p>un<br>deux</p><script>alert(1)</script><style>p{}</style>', 'un\ndeux'],
    ['<pre>  a\n   b</pre>', '  a\n   b'.trim()],
  ])('%s', (html, plain) => {
    expect(plainOf(html)).toBe(plain);
  });
});

it('a message for the server has no line ends in its headers', () => {
  const content = {
    from: { name: 'Paul', email: 'paul@ac-rouen.fr' }, to: [{ name: 'A\r\nBcc: x@y.fr', email: ' a@b.fr\n' }], cc: [], bcc: [],
    ...UNSAID, subject: 'Un\nBcc: x@y.fr', html: '<p>x</p>', attachments: [], inReplyTo: [], references: [], origin: null,
  };
  const built = buildEmail({ key: 'k1' as DraftKey, content }, 'F1' as MailboxId);
  expect(built).toMatchObject({ subject: 'Un Bcc: x@y.fr', to: [{ name: 'A Bcc: x@y.fr', email: 'a@b.fr' }], cc: null, messageId: ['k1@ac-rouen.fr'] });
});

it('a message in blind copy alone says so where others name whom they write to', () => {
  const people = [{ name: null, email: 'a@b.fr' }];
  const built = (to: typeof people, bcc: typeof people) =>
    buildEmail(
      {
        key: 'k1' as DraftKey,
        content: {
          from: { name: 'Paul', email: 'paul@ac-rouen.fr' }, to, cc: [], bcc,
          ...UNSAID, subject: '', html: '', attachments: [], inReplyTo: [], references: [], origin: null,
        },
      },
      'F1' as MailboxId,
    );
  expect(built([], people)).toMatchObject({ 'header:To:asGroupedAddresses': [{ name: 'undisclosed-recipients', addresses: [] }], bcc: people });
  expect(built([], people)).not.toHaveProperty('to');
  expect(built(people, people)).not.toHaveProperty('header:To:asGroupedAddresses');
  expect(built([], [])).toMatchObject({ to: null });
});
