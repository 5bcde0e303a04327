import { useEffect, useRef, useState } from 'react';

import { type Language, useLanguage } from '../../i18n/index.tsx';
import type { Outgoing, Store, UndoOffer } from '../../store/types.ts';
import { useAnnounce } from '../../ui/Announcer.tsx';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead, useStoreItself } from '../../ui/client.tsx';
import { folderName } from '../../ui/folders.ts';
import { NoticeLine } from '../../ui/NoticeLine.tsx';
import { useSeconds } from '../../ui/timing.ts';
import { useArrivalsSaid } from './arriving.ts';

const UNDO_MS = 8000;
const SENT_MS = 4000;

/** What was just done, with the way back. At the foot of the page, never over what one reads for long. */
export function Toasts() {
  const undo = useRead((store) => store.undo());
  const notices = useRead((store) => store.notices());
  const outgoing = useRead((store) => store.outgoing());
  useArrivalsSaid();
  useUndoneSaid();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {outgoing.map((message) => (
        <OutgoingToast key={message.draft} message={message} />
      ))}
      {notices.map((notice) => (
        <div key={notice.id} className="toast">
          <NoticeLine notice={notice} look="line" quiet />
        </div>
      ))}
      {undo !== null && <UndoToast key={undo.id} offer={undo} />}
    </div>
  );
}

/** What comes back isn't seen by who listens. */
function useUndoneSaid(): void {
  const { words } = useLanguage();
  const announce = useAnnounce();
  const undone = useRead((store) => store.undone());
  const before = useRef(undone);
  useEffect(() => {
    if (undone > before.current) announce(words.done.undone);
    before.current = undone;
  }, [undone, announce, words]);
}

function doneText(offer: UndoOffer, store: Store, { words }: Language): string {
  if (offer.text !== null || offer.command === 'set-keyword') return offer.text ?? '';
  if (offer.command !== 'move') return words.done[offer.command](offer.count);
  const account = store.view().list?.account;
  const folders = account === undefined ? [] : store.mailboxes(account);
  const folder = folders.find((one) => one.id === offer.to);
  return words.done.move(offer.count, folder === undefined ? '' : folderName(folder, words));
}

function UndoToast({ offer }: { readonly offer: UndoOffer }) {
  const language = useLanguage();
  const commands = useCommands();
  const store = useStoreItself();
  const [held, setHeld] = useState(false);
  const [gone, setGone] = useState(false);
  // The line goes; its key goes on working until something else is done, for who needs more time.
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => setGone(true), UNDO_MS);
    return () => clearTimeout(timer);
  }, [held]);
  if (gone) return null;
  return (
    <div
      className="toast"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p>{doneText(offer, store, language)}</p>
      <Button label={language.words.actions.undo} small act="undo" onClick={() => void commands.run('undo', {})} />
    </div>
  );
}

function OutgoingToast({ message }: { readonly message: Outgoing }) {
  const { words, longDate } = useLanguage();
  const commands = useCommands();
  const state = message.state;
  const now = useSeconds(state.kind === 'waiting');
  const undo = useRead((store) => store.me()?.limits.undoSeconds ?? 0);
  const [gone, setGone] = useState(false);
  useEffect(() => {
    if (state.kind !== 'sent') return;
    const timer = setTimeout(() => setGone(true), SENT_MS);
    return () => clearTimeout(timer);
  }, [state.kind]);
  if (gone) return null;
  switch (state.kind) {
    case 'preparing':
      return <Preparing draft={message.draft} />;
    case 'waiting': {
      const seconds = Math.max(0, Math.ceil((state.dueAt - now) / 1000));
      return (
        <div className="toast">
          {/* Said once: a number that changes each second would be read aloud each second. */}
          <p className="tabular" aria-hidden="true">{words.compose.waiting(seconds)}</p>
          <p className="hidden-words">{words.compose.waiting(undo)}</p>
          {seconds > 0 && (
            <Button
              label={words.actions.undo}
              small
              act="undo"
              data-act="cancel-send"
              onClick={() => void commands.run('cancel-send', { draft: message.draft })}
            />
          )}
        </div>
      );
    }
    case 'scheduled':
      return (
        <div className="toast">
          <p>{words.compose.scheduled(longDate(new Date(state.dueAt).toISOString()))}</p>
          <Button label={words.actions.undo} small onClick={() => void commands.run('cancel-send', { draft: message.draft })} />
        </div>
      );
    case 'sending':
      return <Plain text={words.compose.sending} />;
    case 'sent':
      return <Plain text={words.compose.sent} />;
    case 'refused':
    case 'failed':
      return null;
  }
}

/** Without a network it waits here, and can be taken back. */
function Preparing({ draft }: Pick<Outgoing, 'draft'>) {
  const { words } = useLanguage();
  const commands = useCommands();
  const offline = useRead((store) => store.connection().kind === 'offline');
  if (!offline) return <Plain text={words.compose.preparing} />;
  return (
    <div className="toast">
      <p>{words.compose.leavesLater}</p>
      <Button label={words.actions.undo} small onClick={() => void commands.run('cancel-send', { draft })} />
    </div>
  );
}

function Plain({ text }: { readonly text: string }) {
  return (
    <div className="toast">
      <p>{text}</p>
    </div>
  );
}
