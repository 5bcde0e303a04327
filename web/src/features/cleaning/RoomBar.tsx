import './cleaning.css';

import { useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { usePage } from '../../ui/features.tsx';
import { WireError } from '../../wire/problems.ts';
import { roomOf, type Room } from './service.ts';
import { CLEANING } from './sheets.ts';
import { WORDS } from './words.ts';

/** Asked a moment after the page stands, and when one comes back to it after a while: it changes slowly. */
const FIRST_MS = 3_000;
const AWAY_MS = 10 * 60_000;
const ALMOST = 0.9;

function useRoom(me: Me): Room | null {
  const { services } = useClient();
  const [room, setRoom] = useState<Room | null>(null);
  useEffect(() => {
    let askedAt = 0;
    const ask = (): void => {
      askedAt = performance.now();
      roomOf(services, me.account).then(setRoom, (caught: unknown) => {
        // What was known stays.
        if (!(caught instanceof WireError)) throw caught;
      });
    };
    const back = (): void => {
      if (document.visibilityState === 'visible' && performance.now() - askedAt > AWAY_MS) ask();
    };
    const first = setTimeout(ask, FIRST_MS);
    document.addEventListener('visibilitychange', back);
    return () => {
      clearTimeout(first);
      document.removeEventListener('visibilitychange', back);
    };
  }, [services, me.account]);
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
