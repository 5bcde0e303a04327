import createPurifier from 'dompurify';

import { type Locale, longDate } from '../i18n/format.ts';
import { SIGNATURE_CLASS, splitDraft } from '../store/presence/dress.ts';
import { UNSAID } from '../store/writing/draft-email.ts';
import { plainOf } from '../store/words/plain.ts';
import { weightOf } from '../store/words/weight.ts';
import { wordsIn } from '../store/words/wording.ts';
import type { Address, Attachment, DraftContent, Identity, Message, MessageBody, Signature } from '../store/types.ts';

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
export function replyIdentity(message: Addressed, mine: readonly Identity[], otherwise: Identity): Identity {
  const bare = (email: string) => email.replace(/\+[^@]*(?=@)/, '');
  // Whom it was written to counts more than who got a copy, and that more than the order of one's own addresses.
  for (const { email } of [...message.to, ...message.cc, ...message.from]) {
    const found = mine.find((each) => same(bare(email), each.email));
    if (found !== undefined) return found;
  }
  return otherwise;
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
  return text.trimEnd().split(/\r?\n/).map((line) => `<p style="margin:0">${line === '' ? '<br>' : escapeHtml(line)}</p>`).join('');
}

const purifier = createPurifier(window);
// Only pictures that travel with the message: one of the web would be fetched by whoever reads it.
purifier.addHook('afterSanitizeAttributes', (node) => {
  if (node.nodeName === 'IMG' && !(node.getAttribute('src') ?? '').startsWith('cid:')) node.remove();
});

const NEVER = ['style', 'form', 'input', 'button', 'select', 'textarea', 'audio', 'video', 'picture', 'source', 'map', 'area'];

/**
 * The quoted text keeps its form but nothing that loads, runs or dresses up: it will be sent in our name. What would take
 * the page down is quoted by its words.
 */
function cleanQuote(html: string): string {
  if (weightOf(html) === 'crushing') return textAsHtml(wordsIn(html));
  return purifier.sanitize(html, {
    USE_PROFILES: { html: true },
    FORBID_TAGS: NEVER,
    FORBID_ATTR: ['style', 'class', 'id', 'background', 'bgcolor', 'width', 'height', 'srcset'],
    ALLOW_DATA_ATTR: false,
  });
}

/** What one wrote oneself and saved: looks that the editor knows stay. */
function cleanOwn(html: string): string {
  return purifier.sanitize(html, {
    USE_PROFILES: { html: true }, FORBID_TAGS: NEVER, FORBID_ATTR: ['class', 'id', 'background', 'srcset'], ALLOW_DATA_ATTR: false,
  });
}

/** The pictures that a piece of HTML shows, among the parts of the message it came from. */
function picturesIn(html: string, body: MessageBody | null): readonly Attachment[] {
  return (body?.attachments ?? []).filter(({ cid }) => cid !== null && html.includes(`cid:${cid}`)).map((each) => ({ ...each, inline: true }));
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
  readonly mine: readonly Identity[];
  readonly otherwise: Identity;
  readonly locale: Locale;
  readonly now: Date;
}

const EMPTY_LINE = '<p></p>';

export function emptyDraft(from: Identity, to: readonly Address[]): DraftContent {
  return { ...UNSAID, from, to, cc: [], bcc: [], subject: '', html: EMPTY_LINE, attachments: [], inReplyTo: [], references: [], origin: null };
}

export function buildReply(message: Message, writer: Writer, all: boolean): DraftContent {
  const date = longDate(message.sentAt ?? message.receivedAt, writer.locale, writer.now);
  const who = message.from[0]?.name ?? message.from[0]?.email ?? '';
  const intro = escapeHtml(WORDS[writer.locale].wrote(date, who));
  const quote = quoteBody(message.body);
  return {
    ...emptyDraft(replyIdentity(message, writer.mine, writer.otherwise), []),
    ...replyRecipients(message, writer.mine, all),
    subject: replySubject(message.subject),
    html: `${EMPTY_LINE}<p>${intro}</p><blockquote type="cite">${quote}</blockquote>`,
    attachments: picturesIn(quote, message.body),
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

/** The signature that was saved with a draft, and the text without it. */
function takeSignature(html: string): { readonly own: string; readonly signature: Signature | null } {
  if (!html.includes(SIGNATURE_CLASS)) return { own: html, signature: null };
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const found = body.querySelector(`.${SIGNATURE_CLASS}`);
  found?.remove();
  if (found === null) return { own: html, signature: null };
  const inside = cleanOwn(found.innerHTML);
  return {
    own: body.innerHTML,
    signature: { kind: found.classList.contains('academy') ? 'academy' : 'own', html: inside, text: plainOf(inside) },
  };
}

/** The text of a message that has no other form, and what stands below « -- ». */
function readText(text: string): Pick<DraftContent, 'html' | 'text' | 'signature'> {
  // The last one: what is passed on may have a signature of its own.
  const parts = text.split(/^-- \r?\n/m);
  const signature = parts.length < 2 ? '' : (parts.at(-1) ?? '').trimEnd();
  const own = parts.length < 2 ? text : parts.slice(0, -1).join('-- \n');
  const kept = signature === '' ? null : { kind: 'own' as const, html: textAsHtml(signature), text: signature };
  return { html: textAsHtml(own), text: own.trimEnd(), signature: kept };
}

function readBody(body: MessageBody | null): Pick<DraftContent, 'html' | 'text' | 'signature'> {
  const parts = body?.parts ?? [];
  const texts = parts.flatMap((part) => (part.kind === 'text' ? [part.value] : []));
  if (texts.length > 0 && texts.length === parts.length) return readText(texts.join('\n'));
  const [first] = parts;
  if (parts.length !== 1 || first?.kind !== 'html') return { html: quoteBody(body), text: null, signature: null };
  const written = splitDraft(first.value);
  const { own, signature } = takeSignature(written.own);
  return { html: cleanOwn(own) + cleanQuote(written.quoted), text: null, signature };
}

/** A message of the drafts folder, as the editor holds it. */
export function readDraft(message: Message, otherwise: Address): DraftContent {
  return {
    from: message.from[0] === undefined ? otherwise : { ...message.from[0], ...(message.sender[0] === undefined ? {} : { sender: message.sender[0] }) },
    replyTo: message.replyTo,
    to: message.to, cc: message.cc, bcc: message.bcc, subject: message.subject,
    ...readBody(message.body),
    priority: message.priority, receipt: message.receiptTo.length > 0, ...(message.sensitive === true ? { sensitive: true } : {}),
    attachments: message.body?.attachments ?? [],
    inReplyTo: message.inReplyTo,
    references: message.references,
    origin: null,
  };
}
