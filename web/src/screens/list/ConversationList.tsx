import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef } from 'react';

import type { Commands } from '../../commands/types.ts';
import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { ListSpec, ListView, MailboxRole, Row, Store } from '../../store/types.ts';
import { useCommands, useRead, useStoreItself } from '../../ui/client.tsx';
import { useSettings } from '../../ui/settings.tsx';
import { useLasting, useMedia } from '../../ui/timing.ts';
import { useLastVisit } from '../../ui/visits.ts';
import { passes } from '../../wire/problems.ts';
import { useReadOnly } from '../rights.ts';
import { paneWords } from '../words.ts';
import { ConversationRow } from './ConversationRow.tsx';
import { ListEmpty, ListFailed, ListSkeleton } from './ListStates.tsx';
import { onRowButtons } from './row-keys.ts';
import { useRowsInView } from './rows-in-view.ts';

interface Props {
  readonly spec: ListSpec;
  readonly role: MailboxRole | null;
}

/** The open folder or search: its rows, or why there are none. */
export function ConversationList({ spec, role }: Props) {
  const view = useRead((store) => store.list(spec));
  const waiting = useLasting(view.state === 'loading' && view.length === 0, 200);
  const { words } = useLanguage();
  if (view.state === 'failed' && view.length === 0) return <ListFailed view={view} />;
  if (view.state === 'loading' && view.length === 0) {
    return (
      <div role="group" className="list-scroll" aria-busy="true" aria-label={words.list.loading}>
        {waiting && <ListSkeleton rows={8} />}
      </div>
    );
  }
  if (view.length === 0) return <ListEmpty spec={spec} role={role} />;
  return (
    <>
      <Rows key={placeOf(spec)} view={view} outbound={role === 'sent' || role === 'drafts'} drafts={role === 'drafts'} />
      {/* What passes is told at the foot of the page and asked for again by itself. Below the rows: none moves. */}
      <Unfinished view={view} />
    </>
  );
}

function Unfinished({ view }: { readonly view: ListView }) {
  return view.problem !== null && !passes(view.problem) && <ListFailed view={view} look="box" />;
}

/** Another place begins at its top. */
function placeOf({ account, mailbox, only, search, keyword }: ListSpec): string {
  return JSON.stringify([account, mailbox, only, search, keyword]);
}

function useRowHeight(): number {
  const { settings } = useSettings();
  const narrow = useMedia('(max-width: 599px)');
  if (narrow) return 68;
  return settings.density === 'compact' ? 36 : 56;
}

interface RowsProps {
  readonly view: ListView;
  readonly outbound: boolean;
  readonly drafts: boolean;
}

function Rows({ view, outbound, drafts }: RowsProps) {
  const { words } = useLanguage();
  const commands = useCommands();
  const store = useStoreItself();
  const { open, selection, cursor } = useRead((read) => read.view());
  const scroll = useRef<HTMLDivElement>(null);
  const height = useRowHeight();
  const readOnly = useReadOnly();
  const { first, last, show } = useRowsInView(scroll, view.length, height);
  useWanted(first, last, view);

  useEffect(() => {
    if (cursor < 0 || cursor >= view.length) return;
    show(cursor);
    const grid = scroll.current;
    if (!grid?.contains(document.activeElement)) return;
    requestAnimationFrame(() => {
      grid.querySelector<HTMLElement>(`[data-index="${cursor}"]`)?.focus({ preventScroll: true });
    });
    // Only where the cursor goes, not when rows arrive.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [cursor]);

  const onOpen = useCallback(
    (row: Row, index: number, event: MouseEvent) => {
      if (event.shiftKey) void commands.run('select-through', { thread: row.thread });
      else if (event.ctrlKey || event.metaKey) toggle(row, commands, store);
      else openRow({ row, index, drafts, commands });
    },
    [commands, store, drafts],
  );
  const onCheck = useCallback(
    (row: Row, _index: number, shift: boolean) => {
      if (shift) void commands.run('select-through', { thread: row.thread });
      else toggle(row, commands, store);
    },
    [commands, store],
  );

  return (
    <div ref={scroll} className={selection.size > 0 ? 'list-scroll list-selecting' : 'list-scroll'}>
      <div
        role="grid"
        id="conversations"
        aria-label={words.list.title}
        aria-multiselectable="true"
        aria-rowcount={view.exact ? view.length : -1}
        className="rows"
        style={{ height: view.length * height }}
        onKeyDown={(event) => onGridKey(event, { view, cursor, drafts, commands, store })}
      >
        {indices(first, last).map((index) => {
          const row = view.row(index);
          if (row === undefined) return <Placeholder key={index} index={index} cursor={index === cursor} height={height} />;
          return (
            <ConversationRow
              key={row.thread}
              row={row}
              index={index}
              offset={index * height}
              height={height}
              cursor={index === cursor || (cursor < 0 && index === 0)}
              open={open?.thread === row.thread}
              selected={selection.has(row.thread)}
              outbound={outbound}
              readOnly={readOnly}
              onOpen={onOpen}
              onCheck={onCheck}
            />
          );
        })}
      </div>
      <VisitLine view={view} height={height} />
    </div>
  );
}

function indices(first: number, last: number): readonly number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
}

/** While whole screens fly by nothing is asked for: what one stops at is. */
const CALM_MS = 60;

/** Asks for the rows on the screen. */
function useWanted(first: number, last: number, view: ListView): void {
  const commands = useCommands();
  const asked = useRef(first);
  useEffect(() => {
    const ask = (): void => {
      asked.current = first;
      void commands.run('show-rows', { first, last });
    };
    if (Math.abs(first - asked.current) <= last - first) {
      ask();
      return;
    }
    const timer = setTimeout(ask, CALM_MS);
    return () => clearTimeout(timer);
  }, [commands, first, last, view]);
}

/** In the inbox: between what came since one's last visit and what was there already. */
function VisitLine({ view, height }: { readonly view: ListView; readonly height: number }) {
  const language = useLanguage();
  const words = useWords(paneWords);
  const since = useLastVisit();
  const inbox = useRead((store) => store.mailboxes(view.spec.account).find(({ role }) => role === 'inbox')?.id);
  const plain = view.spec.mailbox === inbox && view.spec.only === 'all' && view.spec.search === null;
  const at = useMemo(() => (plain && since !== '' ? newRows(view, since) : 0), [plain, view, since]);
  if (at === 0) return null;
  return (
    <p className="visit-line" aria-hidden="true" style={{ transform: `translateY(${at * height}px)` }}>
      <span>{words.visit(language.longDate(since))}</span>
    </p>
  );
}

/** More new rows than this, and the line would be of no use. */
const NEW_AT_MOST = 300;

/** How many rows at the top are newer, when the row after them is here; what is pinned stands above without being new. */
function newRows(view: ListView, since: string): number {
  let fresh = 0;
  for (let index = 0; index < Math.min(view.length, NEW_AT_MOST); index += 1) {
    const row = view.row(index);
    if (row === undefined) return 0;
    if (row.receivedAt > since) fresh += 1;
    else if (!row.keywords.includes('$pinned')) return fresh === 0 ? 0 : index;
  }
  return 0;
}

/** A row on its way. It holds the focus for the one that comes in its place. */
function Placeholder({ index, cursor, height }: { readonly index: number; readonly cursor: boolean; readonly height: number }) {
  return (
    <div
      className="row row-waiting"
      role="row"
      aria-rowindex={index + 1}
      aria-busy="true"
      tabIndex={cursor ? 0 : -1}
      data-index={index}
      style={{ height, transform: `translateY(${index * height}px)` }}
    >
      <span role="gridcell" className="skeleton" style={{ width: `${40 + ((index * 17) % 40)}%` }} />
    </div>
  );
}

function toggle(row: Row, commands: Commands, store: Store): void {
  const selected = !store.view().selection.has(row.thread);
  void commands.run('select', { thread: row.thread, selected });
}

interface Opening {
  readonly row: Row;
  readonly index: number;
  readonly drafts: boolean;
  readonly commands: Commands;
}

function openRow({ row, index, drafts, commands }: Opening): void {
  void commands.run('move-cursor', { to: index });
  if (drafts && row.draft) void commands.run('edit-draft', { account: row.account, email: row.email });
  else void commands.run('open-conversation', { account: row.account, thread: row.thread });
}

interface GridKeys {
  readonly view: ListView;
  readonly cursor: number;
  readonly drafts: boolean;
  readonly commands: Commands;
  readonly store: Store;
}

/** Arrows, Home, End, Enter and Space inside the list and the buttons of its rows; letters are the page's. */
function onGridKey(event: KeyboardEvent, { view, cursor, drafts, commands, store }: GridKeys): void {
  if (event.altKey || event.metaKey || onRowButtons(event)) return;
  const row = view.row(cursor);
  const to = stepOf(event.key, cursor, view.length);
  if (to !== undefined) {
    event.preventDefault();
    void commands.run('move-cursor', { to: Math.max(0, Math.min(view.length - 1, to)) });
    if (event.shiftKey && row !== undefined) void commands.run('select', { thread: row.thread, selected: true });
  } else if (event.key === 'a' && event.ctrlKey) {
    event.preventDefault();
    void commands.run('select-all', {});
  } else if (row !== undefined) onRowKey(event, { row, index: cursor, drafts, commands }, store);
}

function stepOf(key: string, cursor: number, length: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: cursor + 1,
    ArrowUp: cursor - 1,
    PageDown: cursor + 10,
    PageUp: cursor - 10,
    Home: 0,
    End: length - 1,
  };
  return steps[key];
}

function onRowKey(event: KeyboardEvent, opening: Opening, store: Store): void {
  if (event.key === 'Enter') {
    event.preventDefault();
    openRow(opening);
    requestAnimationFrame(() => document.getElementById('reading')?.focus());
  } else if (event.key === ' ') {
    event.preventDefault();
    toggle(opening.row, opening.commands, store);
  }
}
