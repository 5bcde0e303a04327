import { calendarDay } from '../../i18n/format.ts';
import type { Page } from '../../ui/features.tsx';
import type { DraftKey } from '../../store/types.ts';
import { WireError } from '../../wire/problems.ts';
import type { Journey } from '../../wire/road.ts';
import { limitsOf } from './api.ts';
import { block } from './block.ts';
import { WORDS } from './words.ts';

const DAY_MS = 86_400_000;
/** The platform takes twice as much. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** Bring the files to the platform; once one is there, its link stands in the message. */
export function sendByLink(page: Page, draft: DraftKey, files: readonly File[], insert: (html: string) => void): void {
  for (const file of files) carryByLink(page, draft, { name: file.name, size: file.size, load: () => Promise.resolve(file) }, insert);
}

/** Something to be sent: its bytes are had when its turn comes, and again where that failed. */
interface Carried {
  readonly name: string;
  readonly size: number;
  readonly load: () => Promise<File>;
}

export function carryByLink(page: Page, draft: DraftKey, { name, size, load }: Carried, insert: (html: string) => void): void {
  const sensitive = page.store.draft(draft)?.content.sensitive === true;
  const metadata = { filename: name, sensitive: sensitive ? '1' : '0' };
  let journey: Journey | null = null;
  void page.commands.run('carry', {
    draft,
    name,
    size,
    work: async (signal, onProgress) => {
      const file = await load();
      journey ??= page.services.road.journey('/api/links/uploads', file, { bytes: PIECE_BYTES, metadata });
      const limits = await limitsOf(page.services.road);
      if (file.size > limits.largestBytes) throw new WireError({ kind: 'too-large', limit: limits.largestBytes });
      const { link } = await journey.run(signal, onProgress);
      if (link === null) throw new WireError({ kind: 'not-found' });
      putInto(page, draft, blockFor(page, file, link, { days: limits.defaultDays, sensitive }), insert);
    },
  });
}

/** What is confidential keeps its name for the page of the link. */
function blockFor({ language, services }: Page, file: File, address: string, { days, sensitive }: { readonly days: number; readonly sensitive: boolean }): string {
  const words = WORDS[language.locale];
  const until = new Date(services.now().getTime() + days * DAY_MS);
  return block({ name: sensitive ? words.confidential : file.name, size: language.size(file.size) }, address, words.blockLink(calendarDay(until, language.locale)));
}

/** At the end of what is written; a composer that isn't open is written into all the same. */
function putInto({ store, commands }: Page, key: DraftKey, html: string, insert: (html: string) => void): void {
  if (document.querySelector(`[data-draft="${CSS.escape(key)}"]`) !== null) {
    insert(html);
    return;
  }
  const content = store.draft(key)?.content;
  if (content !== undefined) void commands.run('edit', { draft: key, change: { html: html + content.html } });
}
