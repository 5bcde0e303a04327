import { FilePlus2, FolderUp, Link, SlidersHorizontal, VenetianMask } from 'lucide-react';
import { useRef } from 'react';

import { useWords } from '../../i18n/words.ts';
import { linksIn } from '../../store/words/links.ts';
import type { Draft } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { FAILED, type Page, sheet, usePage } from '../../ui/features.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { problemOf } from '../../wire/problems.ts';
import { linksWith, setTerms } from './api.ts';
import { carryByLink, sendByLink } from './sending.ts';
import { WORDS } from './words.ts';

const Terms = sheet<{ readonly tokens: readonly string[] }>(() => import('./Terms.tsx').then((module) => module.Terms));

interface Props {
  readonly draft: Draft;
  readonly add: (html: string) => void;
  readonly attach: (files: readonly File[]) => void;
}

/** From now on files go by link; those that are attached already are sent again that way, and stay attached until their bytes are here. */
function markSensitive(page: Page, draft: Draft, insert: (html: string) => void): void {
  void page.commands.run('edit', { draft: draft.key, change: { sensitive: true } });
  for (const attachment of draft.content.attachments.filter(({ inline }) => !inline)) {
    const { name, type, size, blob } = attachment;
    let file: File | null = null;
    const load = async (): Promise<File> => {
      file ??= new File([await page.services.jmap.bytes(draft.account, blob)], name, { type });
      await page.commands.run('remove-attachment', { draft: draft.key, attachment });
      return file;
    };
    carryByLink(page, draft.key, { name, size, load }, insert);
  }
  const hide = (): Promise<void> => hideNames(page, linksIn(draft.content));
  hide().catch((caught: unknown) => page.show(FAILED, { what: WORDS[page.language.locale].namesTold, problem: problemOf(caught), retry: hide }));
}

/** The pages of links that stand in the message already don't tell names to whoever comes by. */
async function hideNames({ services: { road } }: Page, tokens: readonly string[]): Promise<void> {
  if (tokens.length === 0) return;
  for (const { id } of await linksWith(road, tokens)) await setTerms(road, id, { sensitive: true });
}

/** The other ways to add files, beside the paper clip. */
export function Tools({ draft, add, attach }: Props) {
  const words = useWords(WORDS);
  const page = usePage();
  const folder = useRef<HTMLInputElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const sensitive = draft.content.sensitive === true;
  const items = [
    { key: 'link', label: words.byLink, icon: Link, act: () => file.current?.click() },
    { key: 'folder', label: words.folder, icon: FolderUp, act: () => folder.current?.click() },
    {
      key: 'sensitive', label: sensitive ? words.notSensitive : words.sensitive, icon: VenetianMask,
      act: () => (sensitive ? void page.commands.run('edit', { draft: draft.key, change: { sensitive: false } }) : markSensitive(page, draft, add)),
    },
    { key: 'terms', label: words.terms, icon: SlidersHorizontal, act: () => page.show(Terms, { tokens: linksIn(draft.content) }) },
  ];
  return (
    <>
      <Menu label={words.more} items={items} trigger={(props) => <Button icon={FilePlus2} wordless label={words.more} {...props} />} />
      <input
        ref={file}
        type="file"
        multiple
        hidden
        aria-label={words.byLink}
        onChange={(event) => {
          sendByLink(page, draft.key, [...(event.target.files ?? [])], add);
          event.target.value = '';
        }}
      />
      <input
        ref={(input) => {
          input?.setAttribute('webkitdirectory', '');
          folder.current = input;
        }}
        type="file"
        hidden
        aria-label={words.folder}
        onChange={(event) => {
          attach([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}
