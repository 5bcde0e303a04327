import { useEffect } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { AccountId, MailboxId, Me, Store } from '../../store/types.ts';
import { useClient, useRead } from '../../ui/client.tsx';
import { type Alerts, alertsHere, quiet } from './alerts.ts';
import { type Arrival, Arrivals } from './arrivals.ts';
import { chime } from './chime.ts';
import { wantedHere } from './push.ts';
import { ALERT_WORDS } from './words.ts';

/** Of several tabs, the one that was looked at last tells of new mail. */
const LOCK = 'casier:alerts';

function mayShow(): boolean {
  return 'Notification' in window && Notification.permission === 'granted';
}

interface Box {
  readonly account: AccountId;
  readonly inbox: MailboxId;
  /** "" for one's own. */
  readonly name: string;
}

interface Watched extends Box {
  readonly arrivals: Arrivals;
}

/** One's own, and those of others that one asked for. */
function isTold({ name, account }: Box, { shared }: Alerts): boolean {
  return name === '' || shared.includes(account);
}

/** The inboxes that there are, as one text that stays the same as long as they do. */
function inboxesOf(store: Store, own: AccountId): string {
  const boxes = store.accounts().flatMap(({ id, name }): Box[] => {
    const inbox = store.mailboxes(id).find(({ role }) => role === 'inbox');
    return inbox === undefined ? [] : [{ account: id, inbox: inbox.id, name: id === own ? '' : name }];
  });
  return JSON.stringify(boxes);
}

function boxesIn(inboxes: string): readonly Box[] {
  return JSON.parse(inboxes) as readonly Box[];
}

/** A device that is told while mail is closed is told as well while its page is only out of sight. */
function alertsNow(): Alerts {
  const alerts = alertsHere();
  return { ...alerts, desktop: alerts.desktop || wantedHere() !== null };
}

/** Draws nothing: tells of new mail while nobody looks. */
export function Alerting({ me }: { readonly me: Me }) {
  const { services, commands } = useClient();
  const words = useWords(ALERT_WORDS);
  const inboxes = useRead((store) => inboxesOf(store, me.account));
  useEffect(() => {
    const boxes = boxesIn(inboxes).map((box) => ({ ...box, arrivals: new Arrivals(services, box.account, box.inbox) }));
    if (boxes.length === 0) return;
    const tell = (account: AccountId, name: string, { id, thread, from, subject }: Arrival): void => {
      const { details } = alertsHere();
      const who = details && from !== '' ? from : words.newMail;
      const shown = new Notification(name === '' ? who : `${name} – ${who}`, { body: details ? subject : '', tag: id, icon: '/static/casier/icon.svg' });
      shown.onclick = () => {
        window.focus();
        shown.close();
        void commands.run('open-conversation', { account, thread });
      };
    };
    const look = async (): Promise<void> => {
      const alerts = alertsNow();
      if (!leads || !(alerts.desktop || alerts.sound)) return;
      if (document.hasFocus() || quiet(alerts, services.now())) {
        for (const { arrivals } of boxes) arrivals.skip();
        return;
      }
      for (const box of boxes.filter((each) => isTold(each, alerts))) await lookInto(box, alerts);
    };
    const lookInto = async ({ account, name, arrivals }: Watched, { sound, desktop }: Alerts): Promise<void> => {
      const fresh = await arrivals.look().catch(() => []);
      if (sound && fresh.length > 0) chime();
      if (desktop && mayShow()) for (const arrival of fresh) tell(account, name, arrival);
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
  }, [services, commands, inboxes, words]);
  return null;
}
