import { X } from 'lucide-react';
import { useCallback, useEffect, useId, useRef, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf, type Problem, WireError } from '../../wire/problems.ts';
import type { Alerts } from './alerts.ts';
import { type Audience, type Device, obstacle, type Pushing, pushing, removeDevice, subscribe, tryOut, unsubscribe, wantedHere } from './push.ts';
import { PUSH_WORDS } from './push-words.ts';

/** How long a push takes at most, when all is well. */
const TRIAL_MS = 6_000;

interface Shown {
  readonly alerts: Alerts;
  readonly me: Me;
}

/** New mail while the page is closed, on this device and on one's others. */
export function PushSection({ me, alerts }: Shown) {
  const words = useWords(PUSH_WORDS);
  const { services } = useClient();
  const [said, setSaid] = useState<Pushing | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const look = useCallback(
    (): Promise<void> =>
      pushing(services).then(
        (found) => {
          setSaid(found);
          setProblem(null);
        },
        (caught: unknown) => setProblem(problemOf(caught)),
      ),
    [services],
  );
  useEffect(() => void look(), [look]);
  return (
    <section className="push" aria-label={words.title}>
      <h3 className="choice-legend">{words.title}</h3>
      <p className="soft">{words.about}</p>
      {said?.off === '' && alerts.shared.length > 0 && <p className="soft">{words.aboutShared}</p>}
      {problem !== null && <Trouble what={words.unknown} problem={problem} onRetry={look} />}
      {said !== null && <Here me={me} alerts={alerts} said={said} onChange={look} />}
      {said !== null && <Others devices={said.devices.filter(({ here }) => !here)} onChange={look} />}
    </section>
  );
}

interface HereProps extends Shown {
  readonly said: Pushing;
  readonly onChange: () => Promise<void>;
}

/** What platform and browser together say of this device. */
function standing(said: Pushing): { readonly on: boolean; readonly fault: string; readonly audience: Audience } {
  const wanted = wantedHere();
  const device = said.devices.find(({ here }) => here);
  if (wanted === null || device === undefined) return { on: false, fault: '', audience: 'all' };
  return { on: true, fault: device.fault, audience: wanted.audience };
}

function Here({ me, alerts, said, onChange }: HereProps) {
  const words = useWords(PUSH_WORDS);
  const { services } = useClient();
  const [fault, setFault] = useState<Fault>(null);
  const [busy, setBusy] = useState(false);
  // What the browser says changes when one answers its question.
  const [hindrance, setHindrance] = useState(obstacle);
  const { on, fault: unreached, audience } = standing(said);

  const run = async (work: () => Promise<void>): Promise<void> => {
    // Not disabled meanwhile: the keys would lose their place.
    if (busy) return;
    setBusy(true);
    setFault(null);
    await work().catch((caught: unknown) => setFault(faultOf(caught)));
    setHindrance(obstacle());
    await onChange();
    setBusy(false);
  };
  const begin = async (wanted: Audience): Promise<void> => {
    if ((await Notification.requestPermission()) !== 'granted') return;
    await subscribe(services, me, said.key, alerts, wanted);
  };
  useChanges(alerts, () => {
    if (on) void subscribe(services, me, said.key, alerts, audience).catch(() => undefined);
  });

  if (said.off !== '') return <p>{words.off[said.off]}</p>;
  if (hindrance !== null) return <p role="status">{words.obstacles[hindrance]}</p>;
  return (
    <>
      <label className="choice-option">
        <input type="checkbox" checked={on} aria-busy={busy} onChange={(event) => void run(event.target.checked ? () => begin(audience) : () => unsubscribe(services))} />
        {words.tell}
      </label>
      <Told fault={fault} />
      {on && <Whose audience={audience} onChange={(wanted) => void run(() => begin(wanted))} />}
      {on && <Trial onLook={onChange} fault={unreached} />}
    </>
  );
}

/** Why a change came to nothing: the platform's answer, or the browser's. */
type Fault = Problem | 'browser' | null;

function faultOf(caught: unknown): Fault {
  return caught instanceof WireError ? caught.problem : 'browser';
}

function Told({ fault }: { readonly fault: Fault }) {
  const words = useWords(PUSH_WORDS);
  if (fault === null) return null;
  return fault === 'browser' ? <p role="status">{words.failed}</p> : <Trouble what={words.undone} problem={fault} />;
}

/** Hours and mailboxes that are chosen beside hold for pushes too. */
function useChanges({ quietFrom, quietUntil, shared }: Alerts, changed: () => void): void {
  const now = [quietFrom, quietUntil, ...shared].join(' ');
  const last = useRef(now);
  useEffect(() => {
    if (last.current === now) return;
    last.current = now;
    changed();
  });
}

interface WhoseProps {
  readonly audience: Audience;
  readonly onChange: (wanted: Audience) => void;
}

function Whose({ audience, onChange }: WhoseProps) {
  const words = useWords(PUSH_WORDS);
  const name = useId();
  return (
    <fieldset className="choice push-whose">
      <legend className="choice-legend">{words.whose}</legend>
      <div className="choice-options push-lines">
        {(['all', 'known'] as const).map((one) => (
          <label key={one} className="choice-option">
            <input type="radio" name={name} checked={audience === one} onChange={() => onChange(one)} />
            {words.audiences[one]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Ask for a push and say what to look for; what the platform heard of it is told after a while. */
function Trial({ fault, onLook }: { readonly fault: string; readonly onLook: () => Promise<void> }) {
  const words = useWords(PUSH_WORDS);
  const { services } = useClient();
  const [state, setState] = useState<'idle' | 'sent' | 'waited'>('idle');
  const [problem, setProblem] = useState<Fault>(null);
  useEffect(() => {
    if (state !== 'sent') return;
    const timer = setTimeout(() => void onLook().then(() => setState('waited')), TRIAL_MS);
    return () => clearTimeout(timer);
  }, [state, onLook]);
  const begin = (): void => {
    if (state === 'sent') return;
    setProblem(null);
    void tryOut(services).then(
      () => setState('sent'),
      (caught: unknown) => setProblem(faultOf(caught)),
    );
  };
  const told = { idle: '', sent: words.sent, waited: fault === '' ? words.waited : words.faulty };
  return (
    <div className="push-trial">
      <Button look="outline" small label={words.trial} onClick={begin} aria-disabled={state === 'sent'} />
      <p className="soft" role="status">
        {told[state]}
      </p>
      <Told fault={problem} />
    </div>
  );
}

function Others({ devices, onChange }: { readonly devices: readonly Device[]; readonly onChange: () => Promise<void> }) {
  const words = useWords(PUSH_WORDS);
  const { longDate } = useLanguage();
  const { services } = useClient();
  const [fault, setFault] = useState<Fault>(null);
  const remove = async (id: string): Promise<void> => {
    setFault(null);
    await removeDevice(services, id).catch((caught: unknown) => setFault(faultOf(caught)));
    await onChange();
  };
  if (devices.length === 0) return null;
  return (
    <div className="choice">
      <h4 className="choice-legend">{words.others}</h4>
      <ul className="push-devices">
        {devices.map(({ id, name, usedAt }) => (
          <li key={id}>
            <span>{name === '' ? words.unnamed : name}</span>
            <span className="soft">{words.used(longDate(usedAt))}</span>
            <Button
              icon={X}
              small
              wordless
              label={words.remove(name === '' ? words.unnamed : name)}
              onClick={() => void remove(id)}
            />
          </li>
        ))}
      </ul>
      <Told fault={fault} />
    </div>
  );
}
