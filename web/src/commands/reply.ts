import createPurifier from 'dompurify';

import { type Locale, longDate } from '../i18n/format.ts';
import type { Address, DraftContent, Message, MessageBody } from '../store/types.ts';

/** The words that a mail carries to its readers, in the language of the one who writes. */
interface QuoteWords {
  readonly wrote: (date: string, who: string) => string;
  readonly forwarded: string;
  readonly from: string;
  readonly date: string;
  readonly subject: string;
  readonly to: string;
  readonly cc: string;
}

const WORDS: Readonly<Record<Locale, QuoteWords>> = {
  fr: {
    wrote: (date, who) => `Le ${date}, ${who} a écrit\u00a0:`,
    forwarded: 'Message transféré', from: 'De\u00a0:', date: 'Date\u00a0:', subject: 'Objet\u00a0:', to: 'À\u00a0:', cc: 'Copie à\u00a0:',
  },
  en: {
    wrote: (date, who) => `On ${date}, ${who} wrote:`,
    forwarded: 'Forwarded message', from: 'From:', date: 'Date:', subject: 'Subject:', to: 'To:', cc: 'Cc:',
  },
};

/** What programs put before a subject, in the languages one meets: Re, RÉP, TR, Fwd, AW, WG, RV, SV… also « Re[2] : ». */
const PREFIX = /^\s*(?:re|ré|rép|rep|tr|fwd?|fw|aw|wg|rv|sv|vs|antw|r|i)\s*(?:\[\d+\]|\(\d+\))?\s*:\s*/iu;

export function bareSubject(subject: string): string {
  let bare = subject.trim();
  for (let before = ''; before !== bare; ) {
    before = bare;
    bare = bare.replace(PREFIX, '');
  }
  return bare;
}

export function replySubject(subject: string): string {
  return `Re: ${bareSubject(subject)}`.trim();
}

export function forwardSubject(subject: string): string {
  return `Fwd: ${bareSubject(subject)}`.trim();
}

function same(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

/** Each address once, without those of the person who answers. */
function others(addresses: readonly Address[], mine: readonly Address[]): readonly Address[] {
  const kept: Address[] = [];
  for (const address of addresses) {
    const own = mine.some(({ email }) => same(email, address.email));
    if (!own && !kept.some(({ email }) => same(email, address.email))) kept.push(address);
  }
  return kept;
}

export interface Recipients {
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
}

type Addressed = Pick<Message, 'from' | 'replyTo' | 'to' | 'cc'>;

/** Whom an answer goes to. Answering what one wrote oneself goes on to the same people. */
export function replyRecipients(message: Addressed, mine: readonly Address[], all: boolean): Recipients {
  const own = message.from.some(({ email }) => mine.some((each) => same(each.email, email)));
  const asked = message.replyTo.length > 0 ? message.replyTo : message.from;
  const main = own ? message.to : asked;
  const wanted = others(main, mine);
  const to = wanted.length > 0 ? wanted : others(main, []);
  if (!all) return { to, cc: [] };
  const rest = own ? message.cc : [...message.to, ...message.cc];
  return { to, cc: others(rest, [...mine, ...to]) };
}

/** The address that the message was sent to, when it is one of ours: answers leave from it. */
export function replyIdentity(message: Addressed, mine: readonly Address[], otherwise: Address): Address {
  const addressed = [...message.to, ...message.cc, ...message.from];
  return mine.find(({ email }) => addressed.some((address) => same(address.email, email))) ?? otherwise;
}

/** RFC 5322 §3.6.4: what it refers to, then itself; cut in the middle when it has grown very long. */
export function referencesOf(message: Pick<Message, 'messageId' | 'references'>): readonly string[] {
  const all = [...new Set([...message.references, ...message.messageId])];
  return all.length <= 50 ? all : [...all.slice(0, 1), ...all.slice(-49)];
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function textAsHtml(text: string): string {
  return text.trimEnd().split(/\r?\n/).map((line) => `<p>${escapeHtml(line)}</p>`).join('');
}

const purifier = createPurifier(window);

/** The quoted text keeps its form but nothing that loads, runs or dresses up: it will be sent in our name. */
function cleanQuote(html: string): string {
  return purifier.sanitize(html, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'form', 'input', 'button', 'select', 'textarea', 'img', 'audio', 'video', 'picture', 'source', 'map', 'area'],
    FORBID_ATTR: ['style', 'class', 'id', 'background', 'bgcolor', 'width', 'height'],
    ALLOW_DATA_ATTR: false,
  });
}

export function quoteBody(body: MessageBody | null): string {
  return (body?.parts ?? [])
    .map((part) => {
      switch (part.kind) {
        case 'html':
          return cleanQuote(part.value);
        case 'text':
          return textAsHtml(part.value);
        case 'picture':
          return '';
      }
    })
    .join('');
}

function nameOf({ name, email }: Address): string {
  return name === null || name === '' ? email : `${name} <${email}>`;
}

function listOf(addresses: readonly Address[]): string {
  return addresses.map(nameOf).join(', ');
}

export interface Writer {
  readonly mine: readonly Address[];
  readonly otherwise: Address;
  readonly locale: Locale;
  readonly now: Date;
}

const EMPTY_LINE = '<p></p>';

export function emptyDraft(from: Address, to: readonly Address[]): DraftContent {
  return { from, to, cc: [], bcc: [], subject: '', html: EMPTY_LINE, attachments: [], inReplyTo: [], references: [], origin: null };
}

export function buildReply(message: Message, writer: Writer, all: boolean): DraftContent {
  const date = longDate(message.sentAt ?? message.receivedAt, writer.locale, writer.now);
  const who = message.from[0]?.name ?? message.from[0]?.email ?? '';
  const intro = escapeHtml(WORDS[writer.locale].wrote(date, who));
  return {
    ...emptyDraft(replyIdentity(message, writer.mine, writer.otherwise), []),
    ...replyRecipients(message, writer.mine, all),
    subject: replySubject(message.subject),
    html: `${EMPTY_LINE}<p>${intro}</p><blockquote type="cite">${quoteBody(message.body)}</blockquote>`,
    inReplyTo: message.messageId,
    references: referencesOf(message),
    origin: { email: message.id, kind: 'reply' },
  };
}

export function buildForward(message: Message, writer: Writer): DraftContent {
  const words = WORDS[writer.locale];
  const lines: readonly (readonly [string, string])[] = [
    [words.from, listOf(message.from)],
    [words.date, longDate(message.sentAt ?? message.receivedAt, writer.locale, writer.now)],
    [words.subject, message.subject],
    [words.to, listOf(message.to)],
    [words.cc, listOf(message.cc)],
  ];
  const header = lines.filter(([, value]) => value !== '').map(([label, value]) => `${label} ${escapeHtml(value)}`).join('<br>');
  return {
    ...emptyDraft(replyIdentity({ ...message, from: [] }, writer.mine, writer.otherwise), []),
    subject: forwardSubject(message.subject),
    html: `${EMPTY_LINE}<p>---------- ${words.forwarded} ----------<br>${header}</p>${quoteBody(message.body)}`,
    attachments: message.body?.attachments ?? [],
    references: referencesOf(message),
    origin: { email: message.id, kind: 'forward' },
  };
}

/** A message of the drafts folder, as the editor holds it. */
export function readDraft(message: Message, otherwise: Address): DraftContent {
  return {
    from: message.from[0] ?? otherwise,
    to: message.to, cc: message.cc, bcc: message.bcc, subject: message.subject,
    html: quoteBody(message.body),
    attachments: message.body?.attachments ?? [],
    inReplyTo: message.references.slice(-1),
    references: message.references,
    origin: null,
  };
}
