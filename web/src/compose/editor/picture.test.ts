import { describe, expect, it } from 'vitest';

import { dress } from '../../store/presence/dress.ts';
import { UNSAID } from '../../store/writing/draft-email.ts';
import type { AccountId, Attachment, BlobId, DraftContent } from '../../store/types.ts';
import { readAddresses } from '../recipients/addresses.ts';
import { isOutside } from '../recipients/known.ts';
import { drawn, named } from './picture.ts';

const PICTURE: Attachment = { blob: 'B1' as BlobId, name: 'a.png', type: 'image/png', size: 9, cid: 'x@y', inline: true, url: '/jmap/download/a/B1/a.png?accept=x&y' };
const ACCOUNT = 'paul@ac-rouen.fr' as AccountId;

describe('pictures of the text', () => {
  it('are drawn from our origin and travel by their name', () => {
    const shown = drawn('<p><img src="cid:x@y" alt="Plan"></p>', [PICTURE]);
    expect(shown).toContain('src="/jmap/download/a/B1/a.png?accept=x&amp;y" data-cid="x@y"');
    expect(named(shown)).toBe('<p><img src="cid:x@y" alt="Plan"></p>');
  });

  it('of elsewhere are left out', () => {
    expect(drawn('<img src="https://x.fr/spy.png">', [PICTURE])).toBe('');
  });
});

it('what leaves says how it looks, with the signature before what is quoted', () => {
  const content: DraftContent = {
    ...UNSAID, from: { name: null, email: ACCOUNT }, to: [], cc: [], bcc: [], subject: '', attachments: [], inReplyTo: [], references: [], origin: null,
    html: '<p>Oui</p><p></p><img src="cid:gone"><p>Le 3, Marie a écrit :</p><blockquote type="cite"><p>Non</p></blockquote>',
    signature: { kind: 'own', html: '<p>Paul</p>', text: 'Paul' },
  };
  const { html, own } = dress(content);
  expect(own).toBe('<p style="margin:0">Oui</p><p style="margin:0"><br></p>');
  expect(html.indexOf('Paul')).toBeLessThan(html.indexOf('Marie a écrit'));
  expect(html).toContain('<blockquote type="cite"><p>Non</p></blockquote>');
});

it.each([
  ['a@b.fr; C <c@d.fr>', ['a@b.fr', 'c@d.fr']],
  ['Équipe : a@b.fr, c@d.fr;', ['a@b.fr', 'c@d.fr']],
  ['a@b.fr c@d.fr', ['a@b.fr', 'c@d.fr']],
  ['mailto:a@b.fr', ['a@b.fr']],
])('%s is read', (text, emails) => {
  expect(readAddresses(text).people.map(({ email }) => email)).toEqual(emails);
});

it('outside is what is on none of the academy’s domains', () => {
  expect(isOutside('a@ac-rouen.fr', ['ac-rouen.fr'])).toBe(false);
  expect(isOutside('a@lycee.ac-rouen.fr', ['ac-rouen.fr'])).toBe(false);
  expect(isOutside('a@bac-rouen.fr', ['ac-rouen.fr'])).toBe(true);
});
