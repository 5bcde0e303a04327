import { longDate } from '../../i18n/format.ts';
import type { Language } from '../../i18n/index.tsx';
import type { CleanMail } from '../../render/sanitize.ts';
import type { Address, Message } from '../../store/types.ts';
import { fileName, plainName } from './kinds.ts';
import { words as bilingualWords, type PreviewWords } from './words.ts';

export type SheetPart =
  | { readonly kind: 'html'; readonly mail: CleanMail }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'picture'; readonly src: string; readonly alt: string };

export interface Sheet {
  readonly message: Message;
  readonly parts: readonly SheetPart[];
}

/** Our origin lets this page fill the frame and ask it to print; without `allow-scripts` nothing in it runs. */
export const PAPER_SANDBOX = 'allow-same-origin allow-modals';
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'`;

/** Paper is read in other years, too: no date goes without its own. */
const LONG_AGO = new Date(0);
/** Smaller than that nobody reads it. */
const SMALLEST = 0.6;

const RULES = `
@page{margin:16mm 15mm}
:root{color-scheme:light}
body{margin:0;background:#fff;color:#1c2421;font:11pt/1.45 "Atkinson Hyperlegible Next",system-ui,-apple-system,"Segoe UI",sans-serif}
h1{margin:0 0 12pt;font-size:16pt;line-height:1.25;overflow-wrap:anywhere}
header{margin:0 0 10pt;padding:8pt 0;border-top:1.5pt solid #1c2421;border-bottom:.5pt solid #8a918d;break-inside:avoid;break-after:avoid}
section+section{margin-top:20pt}
dl{display:grid;grid-template-columns:max-content 1fr;gap:1pt 10pt;margin:0;font-size:9.5pt}
dt{color:#5a6460}dd{margin:0;overflow-wrap:anywhere}
.text{white-space:pre-wrap;overflow-wrap:anywhere;orphans:3;widows:3}
.picture{max-width:100%;max-height:240mm}
footer{margin-top:12pt;padding-top:6pt;border-top:.5pt solid #8a918d;font-size:9.5pt;break-inside:avoid}
footer ul{margin:2pt 0 0;padding-left:14pt}
`;

/** Inside a mail's own tree: its grounds are printed, nothing is wider than the page, lines and pictures aren't torn. */
const MAIL_RULES = `
:host{display:block;print-color-adjust:exact;-webkit-print-color-adjust:exact;--ink:#1c2421;--soft:#5a6460;--line:#dddad2;--accent:#1b5e57}
.mail{overflow-wrap:anywhere;orphans:3;widows:3;font:11pt/1.45 system-ui,-apple-system,"Segoe UI",sans-serif}
img{max-width:100%!important;height:auto;break-inside:avoid}
table{max-width:100%!important;overflow-wrap:normal}
tr{break-inside:avoid}
thead{display:table-header-group}
pre{white-space:pre-wrap}
.narrowed *{text-wrap:wrap!important;min-width:0!important}
.broken *{overflow-wrap:anywhere!important}
blockquote{margin:8px 0;padding:0 0 0 12px;border-left:2px solid var(--line);color:var(--soft)}
a{color:var(--accent)}
.casier-picture:empty{display:none}
`;

/** A frame that nobody sees, filled with the messages, once its pictures are there. */
export async function paper(page: Document, sheets: readonly Sheet[], subject: string, language: Language): Promise<HTMLIFrameElement> {
  for (const old of page.querySelectorAll('.paper-frame')) old.remove();
  const frame = page.createElement('iframe');
  frame.className = 'paper-frame';
  frame.setAttribute('sandbox', PAPER_SANDBOX);
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  frame.style.cssText = 'position:fixed;right:100%;bottom:100%;width:180mm;height:260mm;border:0;visibility:hidden';
  frame.srcdoc = `<!doctype html><html lang="${language.locale}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><style>${RULES}</style></head><body></body></html>`;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  page.body.append(frame);
  await loaded;
  const inside = frame.contentDocument;
  if (inside === null) throw new Error('the frame is not ours');
  // What the browser proposes as the name of the PDF.
  inside.title = fileName(subject, 'Message');
  fill(inside, sheets, subject, language);
  await Promise.all([...pictures(inside)].map((picture) => picture.decode().catch(() => undefined)));
  for (const mail of mails(inside)) fit(mail);
  return frame;
}

/** The frame is as wide as what a page takes: what is wider here would be cut there. */
function fit(mail: HTMLElement): void {
  const room = mail.clientWidth + 1;
  if (mail.scrollWidth <= room) return;
  for (const table of mail.querySelectorAll('table')) {
    if (table.parentElement?.closest('table') !== null) continue;
    if (outer(table) > room) table.classList.add('narrowed');
    if (outer(table) > room) shrink(table, outer(table), room);
    if (outer(table) > room) table.classList.add('broken');
  }
  if (mail.scrollWidth > room) mail.classList.add('narrowed');
  if (mail.scrollWidth > room) shrink(mail, mail.scrollWidth, room);
}

/** As wide as it is seen, its zoom with it. */
const outer = (table: HTMLElement): number => table.getBoundingClientRect().width;

function shrink(wide: HTMLElement, width: number, room: number): void {
  wide.style.zoom = `${Math.max(room / width, SMALLEST)}`;
}

function fill(inside: Document, sheets: readonly Sheet[], subject: string, language: Language): void {
  const words = bilingualWords[language.locale];
  inside.body.append(text(inside, 'h1', subject.trim() === '' ? words.noSubject : subject));
  for (const sheet of sheets) {
    const section = inside.createElement('section');
    section.append(heading(inside, sheet.message, words, language), ...sheet.parts.map((part) => partOf(inside, part)));
    const files = sheet.message.body?.attachments.filter((file) => !file.inline) ?? [];
    if (files.length > 0) section.append(listed(inside, words.printed, files.map((file) => `${plainName(file.name) || words.nameless} (${language.size(file.size)})`)));
    inside.body.append(section);
  }
}

function heading(inside: Document, message: Message, words: PreviewWords, language: Language): HTMLElement {
  const list = inside.createElement('dl');
  const lines: readonly (readonly [string, string])[] = [
    [words.from, people(message.from)],
    [words.date, longDate(message.sentAt ?? message.receivedAt, language.locale, LONG_AGO)],
    [words.to, people(message.to)],
    [words.cc, people(message.cc)],
  ];
  for (const [label, value] of lines) if (value !== '') list.append(text(inside, 'dt', label), text(inside, 'dd', value));
  const header = inside.createElement('header');
  header.append(list);
  return header;
}

function people(list: readonly Address[]): string {
  return list.map((one) => (one.name === null || one.name === '' ? one.email : `${one.name} <${one.email}>`)).join(', ');
}

function partOf(inside: Document, part: SheetPart): HTMLElement {
  if (part.kind === 'text') {
    const block = text(inside, 'div', part.text);
    block.className = 'text';
    return block;
  }
  if (part.kind === 'picture') {
    const picture = inside.createElement('img');
    picture.className = 'picture';
    picture.alt = part.alt;
    if (part.src !== '') picture.src = part.src;
    return picture;
  }
  return mailOf(inside, part.mail);
}

/** Each mail has a tree of its own: its styles reach no other message. */
function mailOf(inside: Document, mail: CleanMail): HTMLElement {
  const host = inside.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const rules = inside.createElement('style');
  rules.textContent = MAIL_RULES;
  const styles = inside.createElement('style');
  styles.textContent = mail.styles;
  const body = inside.createElement('div');
  body.className = 'mail';
  body.setAttribute('style', mail.bodyStyle);
  // Cleaned before, and in a document that can run and fetch nothing.
  body.innerHTML = mail.html;
  root.append(styles, rules, body);
  return host;
}

function listed(inside: Document, title: string, names: readonly string[]): HTMLElement {
  const footer = inside.createElement('footer');
  const list = inside.createElement('ul');
  list.append(...names.map((name) => text(inside, 'li', name)));
  footer.append(text(inside, 'strong', title), list);
  return footer;
}

function text(inside: Document, kind: string, content: string): HTMLElement {
  const element = inside.createElement(kind);
  element.textContent = content;
  return element;
}

function* pictures(inside: Document): Generator<HTMLImageElement> {
  yield* inside.querySelectorAll('img');
  for (const mail of mails(inside)) yield* mail.querySelectorAll('img');
}

function* mails(inside: Document): Generator<HTMLElement> {
  for (const host of inside.querySelectorAll('section > div')) yield* host.shadowRoot?.querySelectorAll<HTMLElement>('.mail') ?? [];
}
