import { lazy } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import type { ListSpec, Mailbox } from '../../store/types.ts';
import { Apart, Unloaded } from '../../ui/Apart.tsx';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { Slot } from '../../ui/features.tsx';
import { useReadOnly } from '../rights.ts';
import { ConversationList } from './ConversationList.tsx';
import { ListSkeleton } from './ListStates.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { folderOf, useListTitle } from './title.ts';

const SearchChips = lazy(() => import('./SearchChips.tsx').then((module) => ({ default: module.SearchChips })));

/** The middle of the screen: the name of what is listed, the ways to narrow it, the conversations. */
export function ListPane() {
  const spec = useRead((store) => store.view().list);
  const { words } = useLanguage();
  if (spec === null) {
    return (
      <section className="pane list-pane" aria-label={words.list.title} aria-busy="true">
        <ListSkeleton rows={8} />
      </section>
    );
  }
  return <OpenList spec={spec} />;
}

function OpenList({ spec }: { readonly spec: ListSpec }) {
  const { words } = useLanguage();
  const folder = useRead((store) => folderOf(store, spec));
  const selected = useRead((store) => store.view().selection.size);
  const role = folder?.role ?? null;
  return (
    <section className="pane list-pane" aria-label={words.list.title}>
      {selected > 0 ? <SelectionBar count={selected} role={role} /> : <Head spec={spec} folder={folder} />}
      {spec.search !== null && (
        <Apart waiting={<div className="chips" />} instead={<Unloaded />}>
          <SearchChips spec={spec} />
        </Apart>
      )}
      <Slot name="ListTop" with={{}} />
      <ConversationList spec={spec} role={role} />
    </section>
  );
}

function Head({ spec, folder }: { readonly spec: ListSpec; readonly folder: Mailbox | null }) {
  const { words } = useLanguage();
  const title = useListTitle();
  const readOnly = useReadOnly();
  // Of several mailboxes, which one this is, and is searched in.
  const whose = useRead((store) => store.accounts().find(({ id, personal }) => id === spec.account && !personal)?.name ?? null);
  return (
    <header className="list-head">
      <div className="list-name">
        <h1 className="list-title">{title}</h1>
        {whose !== null && <p className="list-whose">{whose}</p>}
      </div>
      {readOnly && <span className="read-only">{words.list.readOnly}</span>}
      {spec.search === null && !(folder !== null && UNFILTERED.includes(folder.role)) && <Filter only={spec.only} unread={folder?.unread ?? 0} />}
    </header>
  );
}

/** Where nothing is unread, or all is one's own. */
const UNFILTERED: readonly Mailbox['role'][] = ['drafts', 'sent', 'snoozed'];

function Filter({ only, unread }: { readonly only: ListSpec['only']; readonly unread: number }) {
  const { list } = useLanguage().words;
  const commands = useCommands();
  const choices = [
    ['all', list.all],
    ['unread', unread > 0 ? `${list.unread} ${unread}` : list.unread],
    ['starred', list.starred],
  ] as const;
  return (
    <div className="segments" role="group" aria-label={list.show}>
      {choices.map(([choice, label]) => (
        <Button
          key={choice}
          label={label}
          small
          aria-pressed={only === choice}
          onClick={() => void commands.run('filter', { only: choice })}
        />
      ))}
    </div>
  );
}
