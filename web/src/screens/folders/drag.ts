import { type DragEvent, useState, useSyncExternalStore } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { ConversationRef, Mailbox, MailboxId, Row, Store, View } from '../../store/types.ts';
import { useCommands, useStoreItself } from '../../ui/client.tsx';
import { folderName } from '../../ui/folders.ts';
import { paneWords } from '../words.ts';

const CARRIED = 'application/x-casier-thread';
const FOLDER = 'application/x-casier-folder';

/** The folder that is being dragged: until it is dropped the browser hides what a drag carries. */
let dragged: Mailbox | null = null;
const listeners = new Set<() => void>();

function carry(folder: Mailbox | null): void {
  dragged = folder;
  for (const listener of listeners) listener();
}

export function useDragged(): Mailbox | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => dragged,
  );
}

/** The conversations that are being dragged: a selection goes whole, whichever of its rows one holds. */
let held: readonly ConversationRef[] = [];

export function heldWith({ selection }: Pick<View, 'selection'>, { account, thread }: Pick<Row, 'account' | 'thread'>): readonly ConversationRef[] {
  const threads = selection.has(thread) ? [...selection] : [thread];
  return threads.map((each) => ({ account, thread: each }));
}

/** Begin to drag a row. TOLD says how many go, where it isn't one. */
export function dragRow(event: DragEvent, view: View, row: Row, told: (count: number) => string): void {
  held = heldWith(view, row);
  event.dataTransfer.setData(CARRIED, row.thread);
  event.dataTransfer.effectAllowed = 'move';
  if (held.length === 1) return;
  const shown = document.createElement('div');
  shown.className = 'drag-told';
  shown.textContent = told(held.length);
  document.body.append(shown);
  event.dataTransfer.setDragImage(shown, 0, 0);
  // The browser has made a picture of it.
  setTimeout(() => shown.remove());
}

/** Conversations stay in their mailbox: another one's folders aren't a place for them. */
export function takesRows(folder: Pick<Mailbox, 'account' | 'rights'>, rows: readonly ConversationRef[]): boolean {
  return folder.rights.add && rows[0]?.account === folder.account;
}

function isInside(folders: readonly Mailbox[], id: MailboxId, outer: MailboxId): boolean {
  for (let at: MailboxId | null = id; at !== null; ) {
    if (at === outer) return true;
    const above: MailboxId = at;
    at = folders.find((one) => one.id === above)?.parent ?? null;
  }
  return false;
}

/** Whether there is a folder called like FOLDER below PARENT already. */
export function isTaken(folders: readonly Mailbox[], parent: MailboxId | null, folder: Mailbox): boolean {
  const name = folder.name.toLowerCase();
  return folders.some((one) => one.parent === parent && one.id !== folder.id && one.name.toLowerCase() === name);
}

/** Whether FOLDER may go into TARGET: not into itself, nor where it is, nor into what isn't a place for folders. */
export function canHold(folders: readonly Mailbox[], target: Mailbox, folder: Mailbox): boolean {
  const place = target.role === null || target.role === 'archive';
  const rights = target.rights.createChild && folder.rights.rename && target.account === folder.account;
  return place && rights && folder.parent !== target.id && !isInside(folders, target.id, folder.id);
}

function holds(folders: readonly Mailbox[], target: Mailbox, folder: Mailbox): boolean {
  return canHold(folders, target, folder) && !isTaken(folders, target.id, folder);
}

interface Drag {
  readonly draggable: boolean;
  readonly onDragStart?: (event: DragEvent) => void;
  readonly onDragEnd?: () => void;
}

export function useFolderDrag(folder: Mailbox): Drag {
  if (folder.role !== null || !folder.rights.rename) return { draggable: false };
  return {
    draggable: true,
    onDragStart: (event) => {
      event.dataTransfer.setData(FOLDER, folder.id);
      event.dataTransfer.effectAllowed = 'move';
      // What is drawn anew at once ends the drag in Chromium.
      setTimeout(() => carry(folder));
    },
    onDragEnd: () => carry(null),
  };
}

interface Drop {
  readonly over: boolean;
  readonly handlers: {
    readonly onDragOver: (event: DragEvent) => void;
    readonly onDragLeave: () => void;
    readonly onDrop: (event: DragEvent) => void;
  };
}

function accepts(folder: Mailbox, types: readonly string[], store: Store): boolean {
  if (types.includes(CARRIED)) return takesRows(folder, held);
  return types.includes(FOLDER) && dragged !== null && holds(store.mailboxes(folder.account), folder, dragged);
}

/** Conversations and folders drawn here are moved here. */
export function useDrop(folder: Mailbox): Drop {
  const commands = useCommands();
  const store = useStoreItself();
  const { words } = useLanguage();
  const { folderMoved } = useWords(paneWords);
  return useDropZone((types) => accepts(folder, types, store), (event) => {
    if (event.dataTransfer.types.includes(CARRIED)) {
      void commands.run('move', { to: folder.id, targets: { kind: 'conversations', conversations: held } });
    } else if (dragged !== null) {
      void commands.run('move-folder', { account: folder.account, mailbox: dragged.id, parent: folder.id, text: folderMoved(dragged.name, folderName(folder, words)) });
    }
  });
}

/** Where a folder dropped goes to the first level. */
export function useTopDrop(): Drop {
  const commands = useCommands();
  const store = useStoreItself();
  const { folderMoved } = useWords(paneWords);
  const takes = (types: readonly string[]): boolean =>
    types.includes(FOLDER) && dragged?.parent != null && !isTaken(store.mailboxes(dragged.account), null, dragged);
  return useDropZone(takes, () => {
    if (dragged !== null) void commands.run('move-folder', { account: dragged.account, mailbox: dragged.id, parent: null, text: folderMoved(dragged.name, null) });
  });
}

function useDropZone(takes: (types: readonly string[]) => boolean, drop: (event: DragEvent) => void): Drop {
  const [over, setOver] = useState(false);
  return {
    over,
    handlers: {
      onDragOver: (event) => {
        if (!takes(event.dataTransfer.types)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event) => {
        setOver(false);
        event.preventDefault();
        drop(event);
        carry(null);
      },
    },
  };
}
