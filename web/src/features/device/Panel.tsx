import { useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { installOffer, spendOffer } from './launching.ts';
import { WORDS } from './words.ts';
import './device.css';

/** The mail page as an application, and as what opens links to addresses. */
export function Panel({ me }: { readonly me: Me }) {
  const words = useWords(WORDS);
  if (me.sharedComputer) return <p className="soft">{words.shared}</p>;
  return (
    <div className="settings">
      <Install />
      <Links />
    </div>
  );
}

function Install() {
  const words = useWords(WORDS);
  const [state, setState] = useState<'offered' | 'byHand' | 'installing' | 'installed'>(() => {
    if (matchMedia('(display-mode: standalone)').matches) return 'installed';
    return installOffer() === null ? 'byHand' : 'offered';
  });
  const install = (): void => {
    const offer = installOffer();
    spendOffer();
    void offer?.prompt().then(({ outcome }) => setState(outcome === 'accepted' ? 'installing' : 'byHand'));
  };
  return (
    <section className="choice device-part" aria-label={words.install}>
      <h3 className="choice-legend">{words.install}</h3>
      <p className="soft">{words.installAbout}</p>
      {state === 'offered' && <Button label={words.installNow} look="outline" onClick={install} />}
      <p role="status">{state === 'offered' ? '' : words[state]}</p>
    </section>
  );
}

function Links() {
  const words = useWords(WORDS);
  const [state, setState] = useState<'idle' | 'linksAsked' | 'linksNot'>('registerProtocolHandler' in navigator ? 'idle' : 'linksNot');
  const register = (): void => {
    try {
      navigator.registerProtocolHandler('mailto', `${location.origin}/courrier/?mailto=%s`);
      setState('linksAsked');
    } catch {
      setState('linksNot');
    }
  };
  return (
    <section className="choice device-part" aria-label={words.links}>
      <h3 className="choice-legend">{words.links}</h3>
      <p className="soft">{words.linksAbout}</p>
      {state !== 'linksNot' && <Button label={words.linksNow} look="outline" onClick={register} />}
      <p role="status">{state === 'idle' ? '' : words[state]}</p>
    </section>
  );
}
