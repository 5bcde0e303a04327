import { type ReactNode, useState } from 'react';

import { calendarDay } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { lastDay } from './days.ts';
import type { Delegation } from './service.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly rows: readonly Delegation[];
  readonly onEnd: (id: string, name: string) => void;
}

export function Given({ rows, onEnd }: Props) {
  const words = useWords(WORDS);
  return (
    <section aria-label={words.given}>
      <h4 className="delegation-heading">{words.given}</h4>
      {rows.length === 0 && <p className="soft">{words.none}</p>}
      <ul className="delegation-list">
        {rows.map((row) => (
          <Line key={row.id} row={row} given>
            <Button label={words.end} aria-label={words.endOf(row.name)} small look="outline" onClick={() => onEnd(row.id, row.name)} />
          </Line>
        ))}
      </ul>
    </section>
  );
}

export function Held({ rows, onEnd }: Props) {
  const words = useWords(WORDS);
  if (rows.length === 0) return null;
  return (
    <section aria-label={words.held}>
      <h4 className="delegation-heading">{words.held}</h4>
      <ul className="delegation-list">
        {rows.map((row) => (
          <Line key={row.id} row={row}>
            <Button label={words.giveUp} aria-label={words.giveUpOf(row.name)} small look="outline" onClick={() => onEnd(row.id, row.name)} />
          </Line>
        ))}
      </ul>
    </section>
  );
}

function Line({ row, given = false, children }: { readonly row: Delegation; readonly given?: boolean; readonly children: ReactNode }) {
  const words = useWords(WORDS);
  const { locale, longDate } = useLanguage();
  const day = (moment: string): string => calendarDay(new Date(moment), locale);
  const { services } = useClient();
  const [now] = useState(() => services.now());
  const rights = { read: words.heldRead, organise: words.heldOrganise, behalf: words.heldBehalf, as: words.heldAs };
  const later = Date.parse(row.startsAt) > now.getTime() ? [words.from(day(row.startsAt))] : [];
  const terms = [rights[row.right], row.folders.length === 0 ? words.whole : words.folders(row.folders.length), ...later, words.until(day(lastDay(row.endsAt)))];
  return (
    <li>
      <div className="delegation-words">
        <p className="delegation-name">{row.name}</p>
        <p className="soft">{row.address}</p>
        <p>{terms.join(', ')}</p>
        {given && <p className="soft">{row.lastUsedAt === null ? words.unused : words.used(longDate(row.lastUsedAt))}</p>}
      </div>
      {children}
    </li>
  );
}
