import { CornerDownRight, Mail, Tag, UserRound } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

import type { Person } from '../../commands/types.ts';
import { labelsIn } from '../../store/search/known-names.ts';
import { writeTerm } from '../../store/search/search-terms.ts';
import type { Act, Feature, Page } from '../../ui/features.tsx';
import { folderIcon, folderName } from '../../ui/folders.ts';
import { nameOf } from '../../ui/people.ts';
import { fit } from './fuzzy.ts';
import type { paletteWords } from './more-words.ts';

export interface Line {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly icon: LucideIcon;
  readonly keys?: string | undefined;
  readonly run: () => void;
}

type Words = (typeof paletteWords)['fr'];
const SHOWN = 40;
const RECENT = 12;

function actLine(act: Act): Line {
  return { key: `act ${act.id}`, label: act.label, detail: act.group, icon: act.icon ?? CornerDownRight, keys: act.keys, run: act.run };
}

function acts(page: Page, features: readonly Feature[]): readonly Line[] {
  const all = features.flatMap((feature) => feature.acts?.(page) ?? []);
  return all.filter((act) => act.hidden !== true && act.can?.() !== false).map(actLine);
}

function folders({ store, commands, language }: Page, words: Words): readonly Line[] {
  const account = store.view().list?.account;
  return (account === undefined ? [] : store.mailboxes(account)).map((folder) => ({
    key: `folder ${folder.id}`, label: folderName(folder, language.words), detail: words.folder, icon: folderIcon(folder),
    run: () => void commands.run('open-folder', { account: folder.account, mailbox: folder.id }),
  }));
}

function labels({ me, commands, language }: Page, words: Words): readonly Line[] {
  return labelsIn(me.settings).map(({ name, keyword }) => ({
    key: `label ${keyword}`, label: name, detail: words.label, icon: Tag,
    run: () => void commands.run('search', { text: writeTerm('label', name, language.locale), everywhere: true }),
  }));
}

/** The conversations that the list shows first: the ones one comes from. */
function conversations({ store, commands }: Page): readonly Line[] {
  const { list } = store.view();
  if (list === null) return [];
  const rows = store.list(list);
  return Array.from({ length: Math.min(RECENT * 4, rows.length) }, (_, at) => rows.row(at)).flatMap((row) =>
    row === undefined
      ? []
      : [{
          key: `mail ${row.thread}`, label: row.subject, detail: row.from.map(nameOf).join(', '), icon: Mail,
          run: () => void commands.run('open-conversation', { account: row.account, thread: row.thread }),
        }],
  );
}

export function personLines(people: readonly Person[], { commands, language }: Page, words: Words): readonly Line[] {
  return people.flatMap((person) => [
    {
      key: `from ${person.email}`, label: words.from(person.name), detail: person.detail, icon: UserRound,
      run: () => void commands.run('search', { text: writeTerm('from', person.email, language.locale), everywhere: true }),
    },
    {
      key: `to ${person.email}`, label: words.write(person.name), detail: person.email, icon: UserRound,
      run: () => void commands.run('compose', { to: [{ name: person.name, email: person.email }] }),
    },
  ]);
}

/** All that can be done or gone to from here. */
export function allLines(page: Page, features: readonly Feature[], words: Words): readonly Line[] {
  return [...acts(page, features), ...folders(page, words), ...labels(page, words), ...conversations(page)];
}

/** The lines that fit what is typed, the best first. */
export function fitting(lines: readonly Line[], typed: string): readonly Line[] {
  if (typed.trim() === '') return lines.slice(0, SHOWN);
  return lines
    .flatMap((line) => {
      const score = fit(typed, line.label);
      return score === null ? [] : [{ line, score }];
    })
    .toSorted((one, other) => other.score - one.score)
    .slice(0, SHOWN)
    .map(({ line }) => line);
}
