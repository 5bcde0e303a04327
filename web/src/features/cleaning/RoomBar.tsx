import './cleaning.css';

import { useCallback, useEffect, useRef, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { useClient, useRead } from '../../ui/client.tsx';
import { usePage } from '../../ui/features.tsx';
import { WireError } from '../../wire/problems.ts';
import { roomOf, type Room } from './service.ts';
import { CLEANING } from './sheets.ts';
import { WORDS } from './words.ts';

/** Asked a moment after the page stands, a while after mail came, left or was thrown away, and when one comes back to it. */
const FIRST_MS = 3_000;
const CHANGED_MS = 10_000;
const AWAY_MS = 10 * 60_000;
const ALMOST = 0.9;

function useRoom(me: Me): Room | null {
  const { services } = useClient();
  const [room, setRoom] = useState<Room | null>(null);
  const askedAt = useRef(-Infinity);
  const held = useRead((store) => store.mailboxes(me.account).reduce((sum, { total }) => sum + total, 0));
  const ask = useCallback((): void => {
    askedAt.current = performance.now();
    roomOf(services, me.account).then(setRoom, (caught: unknown) => {
      // What was known stays.
      if (!(caught instanceof WireError)) throw caught;
    });
  }, [services, me.account]);
  useEffect(() => {
    const back = (): void => {
      if (document.visibilityState === 'visible' && performance.now() - askedAt.current > AWAY_MS) ask();
    };
    document.addEventListener('visibilitychange', back);
    return () => document.removeEventListener('visibilitychange', back);
  }, [ask]);
  useEffect(() => {
    const timer = setTimeout(ask, askedAt.current < 0 ? FIRST_MS : CHANGED_MS);
    return () => clearTimeout(timer);
  }, [ask, held]);
  return room;
}

/** How full the mailbox is; a press opens what helps. */
export function RoomBar({ me, onChosen }: { readonly me: Me; readonly onChosen: () => void }) {
  const { size } = useLanguage();
  const words = useWords(WORDS);
  const page = usePage();
  const room = useRoom(me);
  // Known a moment later: what stands below it doesn't move then.
  if (room === null) return <div className="room-bar room-bar-waiting" aria-hidden="true" />;
  const share = room.limit === 0 ? 0 : Math.min(1, room.used / room.limit);
  const said = room.limit === 0 ? words.roomAlone(size(room.used)) : words.room(size(room.used), size(room.limit));
  return (
    <button
      type="button"
      className={share >= ALMOST ? 'room-bar room-bar-full' : 'room-bar'}
      title={words.open}
      onClick={() => {
        onChosen();
        page.show(CLEANING, { me });
      }}
    >
      <meter className="room-meter" min={0} max={1} value={share} aria-hidden="true" />
      <span>{said}</span>
      {share >= ALMOST && <strong>{words.almostFull}</strong>}
      <span className="hidden-words">{words.open}</span>
    </button>
  );
}
