import './announcements.css';

import { Info, OctagonAlert, TriangleAlert, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { linkify } from '../../render/links.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { atRest } from '../../ui/timing.ts';
import { type Announced, type Announcement, dismiss, follow, NOTHING } from './asking.ts';
import { WORDS } from './words.ts';

const ICONS = { information: Info, warning: TriangleAlert, critical: OctagonAlert };

/** The announcements of now. What is critical stays; the others go for good, on every device. */
export function Announcements() {
  const words = useWords(WORDS);
  const { services } = useClient();
  const [announced, setAnnounced] = useState<Announced>(NOTHING);
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    let callOff = (): void => undefined;
    const show = (told: Announced): void => {
      callOff();
      callOff = atRest(() => setAnnounced(told));
    };
    const stop = follow(services, show, Math.random);
    return () => {
      stop();
      callOff();
    };
  }, [services]);

  const hide = (id: string): void => {
    const left = announced.announcements.filter((one) => one.id !== id);
    setAnnounced({ ...announced, announcements: left });
    // The button is gone: the next one, else the list, has the keys.
    requestAnimationFrame(() => {
      const next = region.current?.querySelector('button') ?? document.querySelector<HTMLElement>('#conversations [tabindex="0"]');
      next?.focus();
    });
    void dismiss(services, id).catch(() => setAnnounced(announced));
  };

  return (
    <section ref={region} className="announcements" aria-label={words.region} hidden={announced.announcements.length === 0}>
      {announced.announcements.map((one) => (
        <Line key={one.id} one={one} onHide={() => hide(one.id)} />
      ))}
    </section>
  );
}

function Line({ one, onHide }: { readonly one: Announcement; readonly onHide: () => void }) {
  const { locale, longDate } = useLanguage();
  const words = useWords(WORDS);
  const Icon = ICONS[one.level];
  return (
    <div className={`announcement announcement-${one.level}`} role={one.level === 'critical' ? 'alert' : 'status'}>
      <Icon aria-hidden="true" size={20} strokeWidth={1.75} />
      <p>
        <strong>{words.levels[one.level]}</strong> <Told text={locale === 'fr' ? one.french : one.english} />
        {one.endsAt !== null && <span className="announcement-until"> {words.until(longDate(one.endsAt))}</span>}
      </p>
      {one.level !== 'critical' && <Button icon={X} small wordless label={words.dismiss} onClick={onHide} />}
    </div>
  );
}

/** Its words; an address in them is opened beside the mail: a page on the state of things, a form. */
function Told({ text }: { readonly text: string }) {
  return (
    <span>
      {linkify(text).map((piece, at) =>
        piece.href === undefined ? (
          piece.text
        ) : (
          <a key={at} href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ),
      )}
    </span>
  );
}
