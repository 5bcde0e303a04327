import type { AccountId, BlobId, Message, ThreadId } from '../../store/types.ts';
import type { Page } from '../../ui/features.tsx';
import { Batch } from '../../wire/batch.ts';
import { askBytes } from '../../wire/http.ts';
import { Jmap } from '../../wire/jmap.ts';
import { fileName } from './kinds.ts';
import { Saving } from './save.ts';
import { savingWords } from './saving-words.ts';
import { follow } from './zipping.ts';

interface Original {
  readonly account: AccountId;
  readonly blob: BlobId;
  readonly subject: string;
  readonly receivedAt: string;
}

/** Messages as files that any mail program opens: one alone, several in a zip. Null: the conversations that are ticked. */
export async function save(page: Page, messages: readonly Message[] | null): Promise<void> {
  const words = savingWords[page.language.locale];
  const originals = messages === null ? await ticked(page) : messages.flatMap(originalOf);
  const [first] = originals;
  if (first === undefined) return;
  if (originals.length === 1) {
    const name = nameOf(first, words.noSubject);
    follow(urlOf(first, name), name);
    return;
  }
  const items = originals.map((one) => ({
    name: nameOf(one, words.noSubject),
    load: (signal: AbortSignal) => askBytes(page.services.road, urlOf(one), { signal }),
  }));
  const subject = new Set(originals.map((one) => plain(one.subject))).size === 1 ? first.subject : '';
  page.show(Saving, { name: `${fileName(plain(subject), words.mails)}.zip`, items });
}

function originalOf({ account, blob, subject, receivedAt }: Message): readonly Original[] {
  return blob === null ? [] : [{ account, blob, subject, receivedAt }];
}

/** The name in the address is the one that the store gives the download. */
function urlOf({ account, blob }: Original, name = 'message.eml'): string {
  return Jmap.downloadUrl(account, blob, name, 'message/rfc822');
}

/** « 2026-11-24 14h05 Conseil de classe.eml »: sorted by name is sorted by date. */
export function nameOf({ subject, receivedAt }: Pick<Original, 'subject' | 'receivedAt'>, noSubject: string): string {
  const date = new Date(receivedAt);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}h${two(date.getMinutes())}`;
  return `${Number.isNaN(date.getTime()) ? '' : `${day} `}${fileName(subject, noSubject).slice(0, 100).trim()}.eml`;
}

function plain(subject: string): string {
  return subject.replace(/^(?:(?:re|fwd?|tr)\s*:\s*)+/i, '');
}

/** Every message of the conversations that are ticked in the list. */
async function ticked(page: Page): Promise<readonly Original[]> {
  const { list, selection } = page.store.view();
  if (list === null || selection.size === 0) return [];
  const found: Original[] = [];
  const threads = [...selection];
  for (let at = 0; at < threads.length; at += 100) found.push(...(await originalsOf(page, list.account, threads.slice(at, at + 100))));
  return found;
}

async function originalsOf(page: Page, accountId: AccountId, ids: readonly ThreadId[]): Promise<readonly Original[]> {
  const batch = new Batch();
  const threads = batch.add('Thread/get', { accountId, ids });
  const emails = batch.add('Email/get', { accountId, '#ids': threads.ref('/list/*/emailIds'), properties: ['blobId', 'subject', 'receivedAt'] });
  const answers = await page.services.jmap.send(batch, { background: false });
  return answers.of(emails).list.flatMap(({ blobId, subject, receivedAt }) => {
    return blobId === undefined ? [] : [{ account: accountId, blob: blobId, subject: subject ?? '', receivedAt }];
  });
}
