import { describe, expect, it } from 'vitest';

import { academySignature, identityChoice, replyToFor, signatureFor, writingChoices } from '../../store/writing/writing-choices.ts';

const MAIL = 'Claire.Lefevre@ac-normandie.fr';
const FROM = { name: null, email: MAIL };
const OWN = { signature: 'own' as const, html: '<p>Claire</p>', text: 'Claire', onReplies: true, replyTo: '' };
const BY = [{ email: MAIL.toLowerCase(), html: '<p>Académie</p>', text: 'Académie' }];

function person(mode: 'off' | 'offered' | 'imposed', choice: Partial<typeof OWN> | { readonly signature: 'academy' | 'none' } | null = null) {
  const settings = choice === null ? {} : { writing: { identities: { [MAIL.toLowerCase()]: { ...OWN, ...choice } } } };
  return { settings, signature: { mode, by: BY } };
}

describe('what stands below a message', () => {
  it('nothing at first', () => expect(signatureFor(person('offered'), FROM, false)).toBeNull());
  it('one’s own', () => expect(signatureFor(person('offered', {}), FROM, false)).toEqual({ kind: 'own', html: '<p>Claire</p>', text: 'Claire' }));
  it('not below answers, by choice', () => expect(signatureFor(person('offered', { onReplies: false }), FROM, true)).toBeNull());
  it('the academy’s where it was chosen', () => expect(signatureFor(person('offered', { signature: 'academy' }), FROM, false)?.kind).toBe('academy'));
  it('not the academy’s any more once it is off', () => expect(signatureFor(person('off', { signature: 'academy' }), FROM, false)).toBeNull());
  it('the academy’s where it is imposed, whatever was chosen', () => {
    expect(signatureFor(person('imposed', { onReplies: false }), FROM, true)?.kind).toBe('academy');
    expect(signatureFor(person('imposed', { signature: 'none' }), FROM, false)?.text).toBe('Académie');
  });
  it('one’s own where the academy has none for the address', () => {
    const me = { ...person('imposed', {}), signature: { mode: 'imposed' as const, by: [] } };
    expect(signatureFor(me, FROM, false)?.kind).toBe('own');
    expect(academySignature(me, FROM)).toBeNull();
  });
});

it('on a colleague’s behalf, one’s own; as the colleague, theirs', () => {
  const by = [...BY, { email: MAIL.toLowerCase(), onBehalf: true, html: '<p>Paul</p>', text: 'Paul' }];
  const me = { settings: {}, signature: { mode: 'imposed' as const, by } };
  expect(signatureFor(me, { ...FROM, sender: null }, false)?.text).toBe('Académie');
  expect(signatureFor(me, { ...FROM, sender: { name: 'Paul', email: 'paul@ac-rouen.fr' } }, false)?.text).toBe('Paul');
});

describe('where answers go', () => {
  const from = { name: 'Claire Lefèvre', email: MAIL };
  it('to the address itself', () => expect(replyToFor(person('off'), from)).toEqual([]));
  it('elsewhere by choice', () => {
    expect(replyToFor(person('off', { replyTo: 'secretariat@exemple.fr' }), from)).toEqual([{ name: 'Claire Lefèvre', email: 'secretariat@exemple.fr' }]);
  });
  it('not twice to the same', () => expect(replyToFor(person('off', { replyTo: MAIL.toUpperCase() }), from)).toEqual([]));
});

it('what was kept by an older version is completed', () => {
  const me = { settings: { writing: { format: 'plain' } } };
  expect(writingChoices(me)).toMatchObject({ format: 'plain', answerReceipts: 'ask', identities: {} });
  expect(identityChoice(me, 'x@exemple.fr').signature).toBe('none');
});
