import { CalendarClock, TriangleAlert } from 'lucide-react';

import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { sheet, usePage } from '../../ui/features.tsx';
import { useSends } from './sends.ts';
import { WORDS } from './words.ts';
import './sendlater.css';

const WaitingSheet = sheet(() => import('./WaitingSheet.tsx').then((module) => module.WaitingSheet));

/** Below the folders, as long as something waits. */
export function WaitingLine({ me, onChosen }: { readonly me: Me; readonly onChosen: () => void }) {
  const words = useWords(WORDS);
  const page = usePage();
  const { rows } = useSends(me);
  if (rows.length === 0) return null;
  return (
    <button
      type="button"
      className="folder-button sends-line"
      onClick={() => {
        onChosen();
        page.show(WaitingSheet, {});
      }}
    >
      <CalendarClock aria-hidden="true" size={20} strokeWidth={1.75} />
      <span className="folder-name">{words.waiting}</span>
      <span className="folder-count folder-count-quiet">{rows.length}</span>
    </button>
  );
}

/** At the foot of the page: a message that was to leave while nobody looked came back. */
export function Returned({ me }: { readonly me: Me }) {
  const words = useWords(WORDS);
  const page = usePage();
  const back = useSends(me).rows.filter(({ state }) => state === 'refused').length;
  if (back === 0) return null;
  return (
    <div className="banner banner-warning" role="status">
      <TriangleAlert aria-hidden="true" size={18} strokeWidth={1.75} />
      <p>{words.returned(back)}</p>
      <Button label={words.see} small look="outline" onClick={() => page.show(WaitingSheet, {})} />
    </div>
  );
}
