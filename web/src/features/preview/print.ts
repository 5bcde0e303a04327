import { agreed, imageChoices, mayShow } from '../../render/consent.ts';
import { ownDomains } from '../../render/links.ts';
import { carriedIn, loadInline, loadRemote, NONE, type Pictures } from '../../render/pictures.ts';
import { type CleanMail, cleanMail, type MailOptions } from '../../render/sanitize.ts';
import type { Message } from '../../store/types.ts';
import { weightOf } from '../../store/words/weight.ts';
import { wordsIn } from '../../store/words/wording.ts';
import { FAILED, type Page } from '../../ui/features.tsx';
import { problemOf, UNKNOWN, WireError } from '../../wire/problems.ts';
import { savingWords } from './saving-words.ts';
import { paper, type Sheet, type SheetPart } from './paper.ts';

const WAIT_MS = 12_000;
/** Some browsers print after `print()` returns, and not all tell when they are done. */
const KEPT_MS = 120_000;

/** Print messages, whole: on pages of their own, where nothing of the interface is. */
export async function print(page: Page, messages: readonly Message[]): Promise<void> {
  const printing = (): Promise<void> => printWhole(page, messages);
  await printing().catch((caught: unknown) =>
    page.show(FAILED, { what: savingWords[page.language.locale].unprinted, problem: problemOf(caught), retry: printing }),
  );
}

/** Throws WireError where a message isn't all here. */
async function printWhole(page: Page, messages: readonly Message[]): Promise<void> {
  const whole = await complete(page, messages);
  const unread = whole.find(({ body }) => body === null);
  if (unread !== undefined) throw new WireError(page.store.conversation({ account: unread.account, thread: unread.thread }).problem ?? UNKNOWN);
  const sheets = await Promise.all(whole.map((message) => sheetOf(page, message)));
  const subject = messages[0]?.subject ?? '';
  const frame = await paper(document, sheets, subject, page.language);
  const view = frame.contentWindow;
  if (view === null) return;
  const done = (): void => frame.remove();
  view.addEventListener('afterprint', done);
  setTimeout(done, KEPT_MS);
  view.focus();
  view.print();
}

/** Texts that were cut are fetched whole before they go on paper. */
async function complete(page: Page, messages: readonly Message[]): Promise<readonly Message[]> {
  const cut = messages.filter((message) => message.body === null || message.body.parts.some((part) => part.kind !== 'picture' && part.truncated));
  await Promise.all(cut.map((message) => page.commands.run('show-whole-message', { account: message.account, email: message.id })));
  const end = Date.now() + WAIT_MS;
  const now = () => messages.map((message) => latest(page, message));
  while (now().some((message) => message.body === null) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  return now();
}

function latest(page: Page, message: Message): Message {
  const view = page.store.conversation({ account: message.account, thread: message.thread });
  return view.messages.find((one) => one.id === message.id) ?? message;
}

async function sheetOf(page: Page, message: Message): Promise<Sheet> {
  const parts = await Promise.all((message.body?.parts ?? []).map((part) => partOf(page, message, part)));
  return { message, parts };
}

type Part = NonNullable<Message['body']>['parts'][number];

async function partOf(page: Page, message: Message, part: Part): Promise<SheetPart> {
  if (part.kind === 'text') return { kind: 'text', text: part.value };
  // What would take the page down goes on paper by its words, as on the screen.
  if (part.kind === 'html' && weightOf(part.value) === 'crushing') return { kind: 'text', text: wordsIn(part.value) };
  const stop = AbortSignal.timeout(WAIT_MS);
  if (part.kind === 'picture') {
    const found = part.attachment.cid === null ? { ...part.attachment, cid: 'picture' } : part.attachment;
    return { kind: 'picture', src: [...(await loadInline([found], stop)).values()][0] ?? '', alt: found.name };
  }
  const body = message.body ?? { parts: [], attachments: [] };
  const inline = await loadInline(carriedIn(part.value, body.parts, body.attachments), stop);
  const mail = cleanMail(part.value, optionsOf(page, inline, NONE));
  const far = await farPictures(page, message, mail, stop);
  return { kind: 'html', mail: far.size === 0 ? mail : cleanMail(part.value, optionsOf(page, inline, far)) };
}

function optionsOf(page: Page, inline: Pictures, remote: Pictures): MailOptions {
  return {
    inline, remote, whole: true, dark: false,
    elsewhere: page.language.words.reading.elsewhere,
    composeAt: (address) => `mailto:${encodeURIComponent(address)}`,
    origin: location.origin,
    own: ownDomains(page.me, location.hostname),
  };
}

/** Pictures of the web go on paper where the reader has let them show. */
async function farPictures(page: Page, message: Message, mail: CleanMail, stop: AbortSignal): Promise<Pictures> {
  const choices = imageChoices(page.me);
  const sender = message.from.length === 1 ? (message.from[0]?.email ?? null) : null;
  const consent = choices.mode === 'ask' && (agreed.has(message.id) || mayShow(choices, sender));
  if (!consent || mail.blocked.length === 0) return NONE;
  let found: Pictures = NONE;
  await loadRemote(page.services.road, mail.blocked, stop, (remote) => {
    found = remote.pictures;
  });
  return found;
}
