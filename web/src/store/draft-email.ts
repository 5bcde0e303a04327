import type { Address, MailboxId } from '../wire/ids.ts';
import type { Flags } from '../wire/jmap-types.ts';
import { plainOf } from './plain.ts';
import type { Draft } from './types.ts';

/** A message as `Email/set` creates it (RFC 8621 §4.6). */
export interface NewEmail {
  readonly mailboxIds: Flags<MailboxId>;
  readonly keywords: Flags<string>;
  readonly messageId: readonly string[];
  readonly inReplyTo: readonly string[] | null;
  readonly references: readonly string[] | null;
  readonly from: readonly Address[];
  readonly to: readonly Address[] | null;
  readonly cc: readonly Address[] | null;
  readonly bcc: readonly Address[] | null;
  readonly subject: string;
  readonly textBody: readonly object[];
  readonly htmlBody: readonly object[];
  readonly attachments: readonly object[];
  readonly bodyValues: { readonly text: { readonly value: string }; readonly html: { readonly value: string } };
}

/** One Message-ID for the whole life of a draft: a copy that was saved without our knowing is found by it. */
export function messageIdOf({ key, content }: Pick<Draft, 'key' | 'content'>): string {
  const domain = content.from.email.split('@').at(-1) ?? '';
  return `${key}@${domain === '' ? 'localhost' : domain}`;
}

/** Header values must hold no line ends, wherever they were pasted from. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

function clean(addresses: readonly Address[]): readonly Address[] {
  return addresses.map(({ name, email }) => ({ name: name === null ? null : oneLine(name), email: oneLine(email).trim() }));
}

/** A header that says nothing is left out. */
function orNull<Each>(list: readonly Each[]): readonly Each[] | null {
  return list.length === 0 ? null : list;
}

export function buildEmail(draft: Pick<Draft, 'key' | 'content'>, drafts: MailboxId): NewEmail {
  const { content } = draft;
  return {
    mailboxIds: { [drafts]: true },
    keywords: { $draft: true, $seen: true },
    messageId: [messageIdOf(draft)],
    inReplyTo: orNull(content.inReplyTo),
    references: orNull(content.references),
    from: clean([content.from]),
    to: orNull(clean(content.to)),
    cc: orNull(clean(content.cc)),
    bcc: orNull(clean(content.bcc)),
    subject: oneLine(content.subject),
    textBody: [{ partId: 'text', type: 'text/plain' }],
    htmlBody: [{ partId: 'html', type: 'text/html' }],
    attachments: content.attachments.map(({ blob, type, name, inline, cid }) => ({
      blobId: blob, type, name: oneLine(name), disposition: inline ? 'inline' : 'attachment', ...(cid === null ? {} : { cid }),
    })),
    bodyValues: { text: { value: plainOf(content.html) }, html: { value: content.html } },
  };
}
