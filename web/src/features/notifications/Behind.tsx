import { useEffect } from 'react';

import type { Me } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { Alerting } from './Alerting.tsx';
import { alertsHere } from './alerts.ts';
import { renew, wantedHere } from './push.ts';

const AGAIN_MS = 300_000;

/** What goes on behind the page: alerts while it is open, and this device's place among those told while it isn't. */
export function Behind({ me }: { readonly me: Me }) {
  const { services } = useClient();
  useEffect(() => {
    let last = services.now().getTime();
    const again = (): void => {
      // Told again at the next visit where it can't be told now.
      void renew(services, me, alertsHere()).catch(() => undefined);
    };
    again();
    // A telephone keeps a page that nobody sees for a while, but not its connection: it is closed in time, so that the
    // platform knows that the device itself must be told.
    let stopped = false;
    const seen = (): void => {
      if (document.visibilityState === 'hidden') {
        stopped = wantedHere() !== null && matchMedia('(pointer: coarse)').matches;
        if (stopped) services.live.stop();
        return;
      }
      if (stopped) services.live.start();
      stopped = false;
      if (services.now().getTime() - last < AGAIN_MS) return;
      last = services.now().getTime();
      again();
    };
    document.addEventListener('visibilitychange', seen);
    return () => document.removeEventListener('visibilitychange', seen);
  }, [services, me]);
  return <Alerting me={me} />;
}
