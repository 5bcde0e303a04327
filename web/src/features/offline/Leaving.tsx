import { useEffect, useRef, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient, useRead, useStoreItself } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { useLasting } from '../../ui/timing.ts';
import { depart } from './departing.ts';
import { isNothing, type Unsent, unsentIn } from './unsent.ts';
import { WORDS } from './words.ts';

/** What takes longer than this to send is said. */
const PATIENCE_MS = 6_000;
const SHOWN_AFTER_MS = 350;
const AGAIN_MS = 1_500;

/** Signing out: what waits leaves first. Whoever can't wait loses nothing by going. */
export function Leaving({ me }: { readonly me: Me }) {
  const words = useWords(WORDS);
  const { commands, services } = useClient();
  const store = useStoreItself();
  const unsent = useUnsent();
  const offline = useRead((each) => each.connection().kind !== 'online');
  const shown = useLasting(true, SHOWN_AFTER_MS);
  const slow = useLasting(true, PATIENCE_MS);
  const [waits, setWaits] = useState(false);
  const going = useRef(false);
  const nothing = isNothing(unsent);

  const go = (left: boolean): void => {
    if (going.current) return;
    going.current = true;
    // What follows is told by the next page, not by an event.
    services.live.stop();
    void depart(store.copy(), left).then((told) => (told ? undefined : commands.run('lock', {})));
  };
  useEffect(() => {
    const send = (): void => void commands.run('send-waiting', {});
    send();
    const timer = setInterval(send, AGAIN_MS);
    return () => clearInterval(timer);
  }, [commands]);
  useEffect(() => {
    // Offline there is nobody to tell, but the copy must go all the same: the choice is below.
    if (nothing && !offline) go(false);
  });

  if (!shown) return null;
  const stay = (): void => void commands.run('stay', {});
  const stuck = offline || slow;
  return (
    <Dialog
      title={words.leaveTitle}
      onClose={stay}
      footer={
        <>
          <Button label={words.stayHere} onClick={stay} />
          {stuck && <Button label={words.goNow} look="outline" onClick={() => go(!nothing)} />}
          {stuck && !waits && <Button label={words.wait} look="primary" data-first="" onClick={() => setWaits(true)} />}
        </>
      }
    >
      <p role="status">{waits && offline ? words.waiting : saidOf(words, offline, slow)}</p>
      <Left unsent={unsent} />
      {stuck && !nothing && <Advice kept={!me.sharedComputer} />}
    </Dialog>
  );
}

type Words = (typeof WORDS)['fr'];

function saidOf(words: Words, offline: boolean, slow: boolean): string {
  if (offline) return words.cannot;
  return slow ? words.slow : words.sending;
}

function Advice({ kept }: { readonly kept: boolean }) {
  const words = useWords(WORDS);
  return <p className="offline-more">{kept ? words.waitMore : words.nothingKept}</p>;
}

function Left({ unsent }: { readonly unsent: Unsent }) {
  const words = useWords(WORDS);
  const lines = (['messages', 'drafts', 'changes', 'files'] as const).filter((each) => unsent[each] > 0);
  if (lines.length === 0) return null;
  return (
    <ul className="unsent">
      {lines.map((each) => (
        <li key={each}>{words[each](unsent[each])}</li>
      ))}
    </ul>
  );
}

function useUnsent(): Unsent {
  const drafts = useRead((store) => store.drafts());
  const outgoing = useRead((store) => store.outgoing());
  const pending = useRead((store) => store.pending());
  return unsentIn({ drafts: () => drafts, outgoing: () => outgoing, pending: () => pending });
}
