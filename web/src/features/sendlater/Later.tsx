import { CalendarClock } from 'lucide-react';
import { useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Draft } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { Menu, type MenuItem } from '../../ui/Menu.tsx';
import { MomentDialog } from './MomentDialog.tsx';
import { evening, monday, tomorrow } from './moments.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly draft: Draft;
  readonly send: (at: string | null) => void;
}

/** Beside « Envoyer »: the times one likes, or any other. */
export function Later({ draft, send }: Props) {
  const words = useWords(WORDS);
  const { longDate } = useLanguage();
  const [choosing, setChoosing] = useState<Date | null>(null);
  const [now, setNow] = useState(() => new Date());
  const before = draft.heldBack === null ? null : new Date(draft.heldBack.due);
  const offered: readonly (readonly [string, string, Date | null])[] = [
    ['before', words.asBefore(longDate(draft.heldBack?.due ?? '')), before !== null && before > now ? before : null],
    ['evening', words.evening, evening(now)],
    ['tomorrow', words.tomorrow, tomorrow(now)],
    ['monday', words.monday, monday(now)],
  ];
  const items: readonly MenuItem[] = [
    ...offered.flatMap(([key, label, moment]) => (moment === null ? [] : [{ key, label, act: () => send(moment.toISOString()) }])),
    { key: 'choose', label: words.choose, act: () => setChoosing(new Date()) },
  ];
  return (
    <>
      <Menu
        label={words.later}
        items={items}
        trigger={(given) => (
          <Button
            icon={CalendarClock}
            label={words.later}
            wordless
            data-act="send-later"
            {...given}
            onClick={() => {
              setNow(new Date());
              given.onClick();
            }}
          />
        )}
      />
      {choosing !== null && (
        <MomentDialog
          start={before ?? tomorrow(choosing)}
          now={choosing}
          onClose={() => setChoosing(null)}
          onChosen={(moment) => {
            setChoosing(null);
            send(moment.toISOString());
          }}
        />
      )}
    </>
  );
}
