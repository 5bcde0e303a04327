import { useEffect } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { useClient, useRead } from '../../ui/client.tsx';
import { alertsHere, quiet } from './alerts.ts';
import { type Arrival, Arrivals } from './arrivals.ts';
import { chime } from './chime.ts';
import { ALERT_WORDS } from './words.ts';

/** Of several tabs, the one that was looked at last tells of new mail. */
const LOCK = 'casier:alerts';

function mayShow(): boolean {
  return 'Notification' in window && Notification.permission === 'granted';
}

/** Draws nothing: tells of new mail while nobody looks. */
export function Alerting({ me }: { readonly me: Me }) {
  const { services, commands } = useClient();
  const words = useWords(ALERT_WORDS);
  const inbox = useRead((store) => store.mailboxes(me.account).find(({ role }) => role === 'inbox')?.id);
  useEffect(() => {
    if (inbox === undefined) return;
    const arrivals = new Arrivals(services, me.account, inbox);
    const tell = ({ id, thread, from, subject }: Arrival): void => {
      const { details } = alertsHere();
      const shown = new Notification(details && from !== '' ? from : words.newMail, { body: details ? subject : '', tag: id, icon: '/static/casier/icon.svg' });
      shown.onclick = () => {
        window.focus();
        shown.close();
        void commands.run('open-conversation', { account: me.account, thread });
      };
    };
    const look = async (): Promise<void> => {
      const alerts = alertsHere();
      if (!leads || !(alerts.desktop || alerts.sound)) return;
      if (document.hasFocus() || quiet(alerts, services.now())) {
        arrivals.skip();
        return;
      }
      const fresh = await arrivals.look().catch(() => []);
      if (alerts.sound && fresh.length > 0) chime();
      if (alerts.desktop && mayShow()) fresh.forEach(tell);
    };
    let leads = false;
    const stop = new AbortController();
    const lead = (steal: boolean): void => {
      const held = (): Promise<void> => {
        leads = true;
        return new Promise((end) => stop.signal.addEventListener('abort', () => end()));
      };
      // Another tab that is looked at takes it over.
      void navigator.locks.request(LOCK, steal ? { steal } : { signal: stop.signal }, held).catch(() => {
        leads = false;
        if (!stop.signal.aborted) lead(false);
      });
    };
    const looked = (): void => {
      if (!leads) lead(true);
    };
    window.addEventListener('focus', looked);
    lead(document.hasFocus());
    const end = services.live.hear('changed', () => void look());
    return () => {
      end();
      window.removeEventListener('focus', looked);
      stop.abort();
    };
  }, [services, commands, me.account, inbox, words]);
  return null;
}
