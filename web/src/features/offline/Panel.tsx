import { useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { CopySurvey } from '../../store/presence/local-copy.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useRead } from '../../ui/client.tsx';
import { WORDS } from './words.ts';

/** What lies on this device, why nobody else can read it, and how to be rid of it. */
export function Panel({ me }: { readonly me: Me }) {
  const words = useWords(WORDS);
  const { size } = useLanguage();
  const copy = useRead((store) => store.copy());
  const [survey, setSurvey] = useState<CopySurvey | null>(null);
  const [erased, setErased] = useState(false);
  useEffect(() => {
    let here = true;
    void copy?.survey().then((found) => here && setSurvey(found));
    return () => {
      here = false;
    };
  }, [copy, erased]);
  if (copy === null) return <p>{me.sharedComputer ? words.noneShared : words.none}</p>;
  const forget = (): void => {
    void copy.forgetMail().then(() => setErased(true));
  };
  return (
    <div className="offline-panel">
      <p>{words.panel}</p>
      <p>{words.sealed}</p>
      {/* Its line is there before it is known: nothing below moves. */}
      <p className="tabular">{survey === null ? '\u00a0' : words.kept(size(survey.bytes), survey.days)}</p>
      <Persistence />
      <div className="offline-line">
        <Button label={words.forget} look="outline" onClick={forget} />
        <p className="offline-more" role="status">
          {erased ? words.forgotten : words.forgetMore}
        </p>
      </div>
    </div>
  );
}

/** Asked for by the person: some browsers ask them in turn. */
function Persistence() {
  const words = useWords(WORDS);
  const [state, setState] = useState<'unknown' | 'no' | 'yes' | 'refused'>('unknown');
  useEffect(() => {
    if (!('storage' in navigator)) return;
    void navigator.storage.persisted().then((is) => setState(is ? 'yes' : 'no'));
  }, []);
  if (!('storage' in navigator)) return null;
  if (state === 'yes') return <p>{words.persistent}</p>;
  const ask = (): void => {
    void navigator.storage.persist().then((is) => setState(is ? 'yes' : 'refused'));
  };
  return (
    <div className="offline-line" style={state === 'unknown' ? { visibility: 'hidden' } : undefined}>
      <Button label={words.persist} look="outline" onClick={ask} />
      <p className="offline-more" role="status">
        {state === 'refused' ? words.refused : words.persistMore}
      </p>
    </div>
  );
}
