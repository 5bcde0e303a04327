import { useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useRead } from '../../ui/client.tsx';
import { type Alerts, alertsHere, keepAlerts } from './alerts.ts';
import { chime } from './chime.ts';
import './push.css';
import { PushSection } from './PushSection.tsx';
import { ALERT_WORDS } from './words.ts';

function permission(): NotificationPermission {
  return 'Notification' in window ? Notification.permission : 'denied';
}

/** How this browser tells of new mail. The browser asks only when one ticks the box. */
export function AlertsPanel({ me }: { readonly me: Me }) {
  const words = useWords(ALERT_WORDS);
  const [alerts, setAlerts] = useState(alertsHere);
  const [allowed, setAllowed] = useState(permission);
  const change = (wanted: Partial<Alerts>): void => {
    const next = { ...alerts, ...wanted };
    setAlerts(next);
    keepAlerts(next);
  };
  const changeDesktop = async (on: boolean): Promise<void> => {
    const answer = on && allowed === 'default' ? await Notification.requestPermission() : allowed;
    setAllowed(answer);
    change({ desktop: on && answer === 'granted' });
  };
  if (me.sharedComputer) return <p className="soft">{words.shared}</p>;
  return (
    <div className="settings">
      <p className="soft">{words.about}</p>
      <div>
        <Tick label={words.desktop} on={alerts.desktop && allowed === 'granted'} onChange={(on) => void changeDesktop(on)} />
        {allowed === 'denied' && <p role="status">{words.denied}</p>}
        <Tick label={words.details} on={alerts.details} onChange={(details) => change({ details })} />
        <Tick label={words.sound} on={alerts.sound} onChange={(sound) => change({ sound })} />
        <Button look="outline" small label={words.listen} onClick={chime} />
      </div>
      <SharedMailboxes alerts={alerts} onChange={(shared) => change({ shared })} />
      <fieldset>
        <legend className="choice-legend">{words.quiet}</legend>
        <div className="choice-options">
          <label className="choice-option">
            {words.from}
            <input type="time" value={alerts.quietFrom} onChange={(event) => change({ quietFrom: event.target.value })} />
          </label>
          <label className="choice-option">
            {words.until}
            <input type="time" value={alerts.quietUntil} onChange={(event) => change({ quietUntil: event.target.value })} />
          </label>
        </div>
      </fieldset>
      <PushSection me={me} alerts={alerts} />
    </div>
  );
}

/** Each mailbox of others by itself: not all of them are one's business at once. */
function SharedMailboxes({ alerts, onChange }: { readonly alerts: Alerts; readonly onChange: (shared: readonly string[]) => void }) {
  const words = useWords(ALERT_WORDS);
  const accounts = useRead((store) => store.accounts());
  const others = accounts.filter(({ personal }) => !personal);
  if (others.length === 0) return null;
  return (
    <fieldset>
      <legend className="choice-legend">{words.others}</legend>
      {others.map(({ id, name }) => (
        <Tick
          key={id}
          label={name}
          on={alerts.shared.includes(id)}
          onChange={(on) => onChange(on ? [...alerts.shared, id] : alerts.shared.filter((one) => one !== id))}
        />
      ))}
    </fieldset>
  );
}

function Tick({ label, on, onChange }: { readonly label: string; readonly on: boolean; readonly onChange: (on: boolean) => void }) {
  return (
    <div>
      <label className="choice-option">
        <input type="checkbox" checked={on} onChange={(event) => onChange(event.target.checked)} />
        {label}
      </label>
    </div>
  );
}
