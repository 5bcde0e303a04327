import type { Address, Identity, Me, Signature } from '../types.ts';

/** What a person chose for one of their addresses. */
export interface IdentityChoice {
  readonly signature: 'own' | 'academy' | 'none';
  readonly html: string;
  readonly text: string;
  readonly onReplies: boolean;
  /** Where answers shall go; empty: to the address itself. */
  readonly replyTo: string;
}

/** The section `writing` of what people choose. */
export interface WritingChoices {
  readonly format: 'html' | 'plain';
  /** A message without form is answered without form. */
  readonly plainToPlain: boolean;
  readonly askReceipt: boolean;
  readonly answerReceipts: 'ask' | 'always' | 'never';
  /** The address that new messages leave from; empty: the main one. */
  readonly defaultFrom: string;
  readonly identities: Readonly<Partial<Record<string, IdentityChoice>>>;
}

type From = Pick<Identity, 'email' | 'sender'>;

const FIRST: WritingChoices = { format: 'html', plainToPlain: true, askReceipt: false, answerReceipts: 'ask', defaultFrom: '', identities: {} };
export const FIRST_IDENTITY: IdentityChoice = { signature: 'none', html: '', text: '', onReplies: true, replyTo: '' };

export function writingChoices(me: Pick<Me, 'settings'>): WritingChoices {
  return { ...FIRST, ...(me.settings['writing'] as Partial<WritingChoices> | undefined) };
}

export function identityChoice(me: Pick<Me, 'settings'>, email: string): IdentityChoice {
  return { ...FIRST_IDENTITY, ...writingChoices(me).identities[email.toLowerCase()] };
}

/** The institution's signature for a way of writing, where it has one: as an address, or on its behalf. */
export function academySignature(me: Pick<Me, 'signature'>, { email, sender }: From): Signature | null {
  const onBehalf = sender != null;
  const found = me.signature.by.find((each) => each.email.toLowerCase() === email.toLowerCase() && (each.onBehalf ?? false) === onBehalf);
  return me.signature.mode === 'off' || found === undefined ? null : { kind: 'academy', html: found.html, text: found.text };
}

/** What stands below a message from this address. The institution's can't be refused where it is imposed. */
export function signatureFor(me: Pick<Me, 'settings' | 'signature'>, from: From, reply: boolean): Signature | null {
  const academy = academySignature(me, from);
  if (me.signature.mode === 'imposed' && academy !== null) return academy;
  const choice = identityChoice(me, from.email);
  if (reply && !choice.onReplies) return null;
  if (choice.signature === 'academy') return academy;
  return choice.signature === 'own' && choice.html !== '' ? { kind: 'own', html: choice.html, text: choice.text } : null;
}

export function replyToFor(me: Pick<Me, 'settings'>, from: Address): readonly Address[] {
  const { replyTo } = identityChoice(me, from.email);
  return replyTo === '' || replyTo.toLowerCase() === from.email.toLowerCase() ? [] : [{ name: from.name, email: replyTo }];
}
