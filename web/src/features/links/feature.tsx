import { Link } from 'lucide-react';
import { lazy } from 'react';

import type { Feature, Page, Taking } from '../../ui/features.tsx';

const Tools = lazy(() => import('./Tools.tsx').then((module) => ({ default: module.Tools })));
const Mark = lazy(() => import('./Mark.tsx').then((module) => ({ default: module.Mark })));
const Panel = lazy(() => import('./Panel.tsx').then((module) => ({ default: module.Panel })));

/** What fits stays an attachment; the rest, and all of a sensitive message, goes by link. */
function takeFiles(page: Page, { draft, files, insert }: Taking): readonly File[] {
  const { attachments, sensitive } = draft.content;
  const inside = draft.uploads.filter(({ apart }) => apart !== true);
  let room = page.me.limits.attachmentBytes - [...attachments, ...inside].reduce((sum, { size }) => sum + size, 0);
  const [kept, taken]: [File[], File[]] = [[], []];
  for (const file of files) {
    const fits = sensitive !== true && file.size <= room;
    (fits ? kept : taken).push(file);
    if (fits) room -= file.size;
  }
  if (taken.length > 0) void import('./sending.ts').then(({ sendByLink }) => sendByLink(page, draft.key, taken, insert));
  return kept;
}

/** Files that go by a secured link instead of being attached. */
export const links: Feature = {
  id: 'links',
  ComposerTop: Mark,
  ComposerTools: Tools,
  settings: ({ language }) => [
    { id: 'links', title: language.locale === 'fr' ? 'Mes liens' : 'My links', icon: Link, order: 60, Panel },
  ],
  takeFiles,
};
