import type { Address, MailboxId } from '../../wire/ids.ts';
import type { Flags } from '../../wire/jmap-types.ts';
import { dress } from '../presence/dress.ts';
import { plainOf } from '../words/plain.ts';
import type { Draft, DraftContent, Priority } from '../types.ts';

interface Group {
  readonly name: string;
  readonly addresses: readonly Address[];
}

type Headers = Readonly<Record<`header:${string}`, string | readonly Address[] | readonly Group[]>>;

/** A message as `Email/set` creates it (RFC 8621 §4.6). */
export interface NewEmail {
  readonly mailboxIds: Flags<MailboxId>;
  readonly keywords: Flags<string>;
  readonly messageId: readonly string[];
  readonly inReplyTo: readonly string[] | null;
  readonly references: readonly string[] | null;
  readonly from: readonly Address[];
  readonly sender: readonly Address[] | null;
  readonly replyTo: readonly Address[] | null;
  readonly to?: readonly Address[] | null;
  readonly cc: readonly Address[] | null;
  readonly bcc: readonly Address[] | null;
  readonly subject: string;
  readonly textBody: readonly object[];
  readonly htmlBody?: readonly object[];
  readonly attachments: readonly object[];
  readonly bodyValues: { readonly text: { readonly value: string }; readonly html?: { readonly value: string } };
}

/** What a draft says unless one says otherwise. */
export const UNSAID = {
  replyTo: [], text: null, signature: null, priority: 'normal', receipt: false,
} as const satisfies Partial<DraftContent>;

const PRIORITIES: Readonly<Record<Priority, Headers>> = {
  high: { 'header:X-Priority:asText': '1 (Highest)', 'header:Importance:asText': 'high' },
  normal: {},
  low: { 'header:X-Priority:asText': '5 (Lowest)', 'header:Importance:asText': 'low' },
};

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

/** Some filters distrust a message that names nobody at all: a group without members says that it is meant so (RFC 5322 §3.4). */
const UNDISCLOSED: Headers = { 'header:To:asGroupedAddresses': [{ name: 'undisclosed-recipients', addresses: [] }] };

function isUndisclosed({ to, cc, bcc }: DraftContent): boolean {
  return to.length === 0 && cc.length === 0 && bcc.length > 0;
}

/** « -- » on a line of its own stands before a signature in plain text (RFC 3676 §4.3). */
function signedText(content: DraftContent, text: string): string {
  return content.signature === null ? text : `${text}\n\n-- \n${content.signature.text}`;
}

function bodies(content: DraftContent): Pick<NewEmail, 'textBody' | 'htmlBody' | 'bodyValues'> {
  const textBody = [{ partId: 'text', type: 'text/plain' }];
  if (content.text !== null) return { textBody, bodyValues: { text: { value: signedText(content, content.text) } } };
  const { html, own, quoted } = dress(content);
  const text = [signedText(content, plainOf(own)), plainOf(quoted)].filter((part) => part !== '').join('\n\n');
  return { textBody, htmlBody: [{ partId: 'html', type: 'text/html' }], bodyValues: { text: { value: text }, html: { value: html } } };
}

/** Files, and the pictures that the text shows; one that was taken out of the text doesn't travel. */
function travelling({ attachments, html, text }: DraftContent): DraftContent['attachments'] {
  return attachments.filter(({ inline, cid }) => !inline || cid === null || (text === null && html.includes(`cid:${cid}`)));
}

export function buildEmail(draft: Pick<Draft, 'key' | 'content'>, drafts: MailboxId): NewEmail & Headers {
  const { content } = draft;
  return {
    mailboxIds: { [drafts]: true },
    keywords: { $draft: true, $seen: true },
    messageId: [messageIdOf(draft)],
    inReplyTo: orNull(content.inReplyTo),
    references: orNull(content.references),
    from: clean([content.from]),
    sender: orNull(clean(content.from.sender ? [content.from.sender] : [])),
    replyTo: orNull(clean(content.replyTo)),
    ...(isUndisclosed(content) ? UNDISCLOSED : { to: orNull(clean(content.to)) }),
    cc: orNull(clean(content.cc)),
    bcc: orNull(clean(content.bcc)),
    subject: oneLine(content.subject),
    ...PRIORITIES[content.priority],
    ...(content.sensitive === true ? { 'header:Sensitivity:asText': 'Company-Confidential' } : {}),
    ...(content.receipt ? { 'header:Disposition-Notification-To:asAddresses': clean([content.from]) } : {}),
    attachments: travelling(content).map(({ blob, type, name, inline, cid }) => ({
      blobId: blob, type, name: oneLine(name), disposition: inline ? 'inline' : 'attachment', ...(cid === null ? {} : { cid }),
    })),
    ...bodies(content),
  };
}
