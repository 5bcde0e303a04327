import { useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Me, Problem } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf } from '../../wire/problems.ts';
import { dayText } from './away.ts';
import type { Absence } from './rules.ts';
import { FilterService } from './service.ts';
import { WORDS } from './words.ts';
import './filters.css';

/** Says that answers go out, with the way to stop them. */
export function AbsenceBanner({ me }: { readonly me: Me }) {
  const { away } = useWords(WORDS);
  const language = useLanguage();
  const { services, commands } = useClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { start, end } = me.settings['absence'] as Pick<Absence, 'start' | 'end'>;
  const day = end === null ? null : dayText(end, language.locale);
  const stop = async (): Promise<void> => {
    const service = new FilterService(services.road);
    const filters = await service.read();
    await service.save({ ...filters, absence: { ...filters.absence, on: false } });
    await commands.run('save-settings', { section: 'absence', value: { on: false, start, end } });
  };
  return (
    <div className="banner away-banner" role="status">
      {problem === null ? <p>{away.active(day)}</p> : <Trouble look="line" quiet what={away.active(day)} problem={problem} />}
      <Button
        small
        look="outline"
        label={away.stop}
        disabled={busy}
        onClick={() => {
          setBusy(true);
          setProblem(null);
          stop().catch((caught: unknown) => {
            setProblem(problemOf(caught));
            setBusy(false);
          });
        }}
      />
    </div>
  );
}
