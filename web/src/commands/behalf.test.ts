import { describe, expect, it } from 'vitest';

import { buildEmail } from '../store/writing/draft-email.ts';
import type { DraftKey, Identity, MailboxId, Message } from '../store/types.ts';
import { emptyDraft, readDraft, replyIdentity } from './reply.ts';

const ME: Identity = { name: 'Paul Martin', email: 'paul.martin@ac-rouen.fr' };
const SCHOOL: Identity = { name: 'Collège Monod', email: 'ce.0761234v@ac-rouen.fr' };
const BEHALF: Identity = { ...SCHOOL, sender: ME };

function built(from: Identity) {
  return buildEmail({ key: 'd1' as DraftKey, content: emptyDraft(from, []) }, 'drafts' as MailboxId);
}

describe('writing on behalf of someone', () => {
  it('names who writes beside whom it is for', () => {
    expect(built(BEHALF)).toMatchObject({ from: [SCHOOL], sender: [ME] });
    expect(built(SCHOOL).sender).toBeNull();
    expect(built({ ...SCHOOL, sender: null }).sender).toBeNull();
  });

  it('is found again when the draft is opened elsewhere', () => {
    const message = { from: [SCHOOL], sender: [ME], replyTo: [], to: [], cc: [], bcc: [], subject: '', priority: 'normal', receiptTo: [], references: [], body: null };
    expect(readDraft(message as unknown as Message, ME).from).toEqual(BEHALF);
    expect(readDraft({ ...message, sender: [] } as unknown as Message, ME).from).toEqual(SCHOOL);
  });

  it('is chosen for an answer where one may not write as the mailbox itself', () => {
    const message = { from: [], replyTo: [], to: [SCHOOL], cc: [] };
    expect(replyIdentity(message, [ME, BEHALF], ME)).toBe(BEHALF);
    expect(replyIdentity(message, [ME, SCHOOL, BEHALF], ME)).toBe(SCHOOL);
  });
});
