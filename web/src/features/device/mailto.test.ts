import { describe, expect, it } from 'vitest';

import { mailtoIn, paragraphs, readMailto } from './mailto.ts';

const emails = (list: readonly { readonly email: string }[] | undefined) => list?.map(({ email }) => email);

describe('the link that the page is called for', () => {
  it('comes encoded, or decoded by signing in in between', () => {
    expect(mailtoIn('?mailto=mailto%3Aa%40b.fr%3Fsubject%3DUn%26deux')).toBe('mailto:a@b.fr?subject=Un&deux');
    expect(mailtoIn('?mailto=mailto:a@b.fr?subject=Un&body=Deux')).toBe('mailto:a@b.fr?subject=Un&body=Deux');
    expect(mailtoIn('?dossier=x')).toBeNull();
    expect(mailtoIn('?mailto=%E0%A4%A')).toBe('');
  });
});

describe('a link to an address', () => {
  it('names recipients, subject and text', () => {
    const wish = readMailto('mailto:a@b.fr,c%40d.fr?cc=e@f.fr&to=g@h.fr&SUBJECT=R%C3%A9union%20=%20demain&body=Un%0D%0ADeux&bcc=i@j.fr');
    expect(emails(wish?.to)).toEqual(['a@b.fr', 'c@d.fr', 'g@h.fr']);
    expect(emails(wish?.cc)).toEqual(['e@f.fr']);
    expect(emails(wish?.bcc)).toEqual(['i@j.fr']);
    expect(wish?.subject).toBe('Réunion = demain');
    expect(wish?.body).toBe('Un\nDeux');
  });

  it('can’t put anything else into a message', () => {
    const wish = readMailto('mailto:a@b.fr%0D%0ABcc:x@y.fr,%3Cscript%3E@b.fr?subject=a%0D%0ABcc:%20x@y.fr&attach=/etc/passwd&body=%3Cimg%20src=x%20onerror=alert(1)%3E');
    expect(wish?.to).toEqual([]);
    expect(wish?.bcc).toEqual([]);
    expect(wish?.subject).toBe('a Bcc: x@y.fr');
    expect(paragraphs(wish?.body ?? '')).toBe('<p>&lt;img src=x onerror=alert(1)&gt;</p>');
    expect(Object.keys(wish ?? {})).not.toContain('attach');
    expect(readMailto('javascript:alert(1)')).toBeNull();
    expect(readMailto('mailto:%E0%A4%A?subject=%E0')).toMatchObject({ to: [], subject: '' });
  });

  it('is never longer than anybody reads', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => `a${at}@b.fr`).join(',');
    const wish = readMailto(`mailto:${many}?subject=${'s'.repeat(90_000)}&body=${'b'.repeat(90_000)}`);
    expect([wish?.to.length, wish?.subject.length, wish?.body.length]).toEqual([100, 500, 20_000]);
  });
});
