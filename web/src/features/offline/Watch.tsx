import { useEffect, useRef, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient, useRead, useStoreItself } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { useSeconds } from '../../ui/timing.ts';
import { departed } from './departing.ts';
import { countdown, type Idleness, idleness, TELL_MS, TICK_MS } from './idle.ts';
import { sendAll } from './unsent.ts';
import { Leaving } from './Leaving.tsx';
import { WORDS } from './words.ts';
import './offline.css';

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Behind the page: whether somebody is there, and the way out. */
export function Watch({ me }: { readonly me: Me }) {
  const leaving = useRead((store) => store.view().leaving === true);
  useKeptWhenHidden();
  useSentBeforeLeft();
  useForgottenPage(me.sharedComputer);
  useEffect(departed, []);
  return (
    <>
      <IdleWatch me={me} />
      {leaving && <Leaving me={me} />}
    </>
  );
}

/** A page that nobody sees may be ended at any moment, without a word. */
function useKeptWhenHidden(): void {
  const { commands } = useClient();
  useEffect(() => {
    const hidden = (): void => {
      if (document.visibilityState === 'hidden') void commands.run('keep-typed', {});
    };
    document.addEventListener('visibilitychange', hidden);
    return () => document.removeEventListener('visibilitychange', hidden);
  }, [commands]);
}

/** Somebody signs out on another page of this site: what waits leaves while it may. */
function useSentBeforeLeft(): void {
  const { commands } = useClient();
  const store = useStoreItself();
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return;
    const heard = ({ data, ports }: MessageEvent<unknown>): void => {
      if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== 'send-all') return;
      const sent = sendAll(store, () => commands.run('send-waiting', {})).then(() => commands.run('forget-saved', {}));
      void sent.finally(() => ports[0]?.postMessage(null));
    };
    navigator.serviceWorker.addEventListener('message', heard);
    return () => navigator.serviceWorker.removeEventListener('message', heard);
  }, [commands, store]);
}

/** A computer that several people use keeps not even the page, whoever used it before. */
function useForgottenPage(shared: boolean): void {
  useEffect(() => {
    if (!shared || !('caches' in window)) return;
    void caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name)))).catch(() => undefined);
  }, [shared]);
}

/** After a while without a sign of anybody the page locks, as the server does; with a word before. */
function IdleWatch({ me }: { readonly me: Me }) {
  const words = useWords(WORDS);
  const { limits } = me;
  const { state, stay } = useIdleness(limits.idleSeconds, limits.warningSeconds ?? 0);
  const now = useSeconds(state.kind === 'warned');
  if (state.kind !== 'warned') return null;
  return (
    <Dialog
      title={words.warningTitle}
      onClose={stay}
      footer={<Button label={words.stay} look="primary" data-first="" onClick={stay} />}
    >
      <p className="tabular" role="timer">
        {words.warning(countdown(state.until - now))}
      </p>
    </Dialog>
  );
}

function useIdleness(idleSeconds: number, warningSeconds: number): { readonly state: Idleness; readonly stay: () => void } {
  const { commands, services } = useClient();
  const store = useStoreItself();
  const [state, setState] = useState<Idleness>({ kind: 'here' });
  const seen = useRef({ at: 0, told: 0, untold: false });
  const sign = useRef<(counts: boolean) => void>(() => undefined);

  useEffect(() => {
    const clock = () => services.now().getTime();
    const { current } = seen;
    if (current.at === 0) [current.at, current.told] = [clock(), clock()];
    const last = () => Math.max(current.at, store.copy()?.lastActive() ?? 0);
    const expire = async (): Promise<void> => {
      // Another browser window may have told the server of somebody: it knows best, when it can be asked.
      await commands.run('refresh', {});
      const kind = store.connection().kind;
      if (kind === 'offline') await commands.run('lock', {});
      else if (kind !== 'signed-out') current.at = clock() - (idleSeconds * 2_000) / 3;
    };
    const tick = (): void => {
      const now = clock();
      if (current.untold && now - current.told >= TELL_MS) {
        [current.told, current.untold] = [now, false];
        void services.road.fetch('/courrier/', { method: 'HEAD', credentials: 'same-origin' }).catch(() => undefined);
      }
      const found = idleness({ idleSeconds, warningSeconds }, last(), now);
      setState((before) => (before.kind === found.kind ? before : found));
      if (found.kind === 'gone') void expire();
    };
    sign.current = (counts) => {
      const now = clock();
      // A mouse that is pushed by the table is nobody once one was asked.
      if (!counts && idleness({ idleSeconds, warningSeconds }, last(), now).kind !== 'here') return;
      [current.at, current.untold] = [now, true];
      store.copy()?.active();
      setState((before) => (before.kind === 'here' ? before : { kind: 'here' }));
      if (!counts) return;
      current.told = 0;
      tick();
    };
    let place = '';
    const heard = (event: Event): void => {
      // Browsers tell of a pointer that stands still when the page moves below it.
      if (event.type === 'pointermove' && event instanceof MouseEvent) {
        const now = `${event.screenX} ${event.screenY}`;
        if (now === place) return;
        place = now;
      }
      sign.current(false);
    };
    for (const name of SIGNS) addEventListener(name, heard, { passive: true, capture: true });
    const timer = setInterval(tick, TICK_MS);
    document.addEventListener('visibilitychange', tick);
    return () => {
      for (const name of SIGNS) removeEventListener(name, heard, { capture: true });
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [commands, services, store, idleSeconds, warningSeconds]);

  return { state, stay: () => sign.current(true) };
}
