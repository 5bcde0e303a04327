import './notifications.css';

import { Bell as BellIcon, ExternalLink, Trash2, X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import type { Problem } from '../../wire/problems.ts';
import { hostOf, type Notification, type Told, useTold } from './asking.ts';
import { WORDS } from './words.ts';

/** The bell: how many are new, and the list of them. */
export function Bell() {
  const words = useWords(WORDS);
  const [told, problem, { read, remove, look }] = useTold();
  const [open, setOpen] = useState(false);
  // What was new when the list was opened is marked for as long as it is.
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const button = useRef<HTMLButtonElement>(null);
  const unread = told?.unread ?? 0;
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const toggle = (): void => {
    if (!open) {
      setFresh(new Set(told?.notifications.filter((one) => !one.read).map((one) => one.id)));
      read();
    }
    setOpen(!open);
  };
  return (
    <span className="bell">
      <Button ref={button} icon={BellIcon} wordless label={words.open(unread)} aria-haspopup="dialog" aria-expanded={open} onClick={toggle} />
      {unread > 0 && (
        <span className="bell-count" aria-hidden="true">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
      <span className="hidden-words" role="status">
        {unread > 0 ? words.open(unread) : ''}
      </span>
      {open && <Panel told={told} problem={problem} fresh={fresh} onClose={close} onLost={() => setOpen(false)} onRemove={remove} onLook={look} />}
    </span>
  );
}

interface PanelProps {
  readonly told: Told | null;
  readonly problem: Problem | null;
  readonly fresh: ReadonlySet<string>;
  readonly onClose: () => void;
  /** Closed by a click elsewhere: the keys are there now. */
  readonly onLost: () => void;
  readonly onRemove: (ids: readonly string[]) => void;
  readonly onLook: () => Promise<void>;
}

function Panel({ told, problem, fresh, onClose, onLost, onRemove, onLook }: PanelProps) {
  const words = useWords(WORDS);
  const title = useId();
  const panel = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    panel.current?.showPopover();
    heading.current?.focus();
  }, []);
  const removeOne = (id: string): void => {
    onRemove([id]);
    heading.current?.focus();
  };
  const all = told?.notifications ?? [];
  return (
    <div
      ref={panel}
      popover="auto"
      role="dialog"
      aria-labelledby={title}
      className="bell-panel"
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') {
          event.preventDefault();
          onClose();
        }
      }}
      onToggle={(event) => event.newState === 'closed' && onLost()}
    >
      <div className="bell-head">
        <h2 ref={heading} id={title} tabIndex={-1}>
          {words.title}
        </h2>
        {all.length > 0 && (
          <Button
            icon={Trash2}
            small
            label={words.removeAll}
            onClick={() => {
              onRemove(all.map((one) => one.id));
              heading.current?.focus();
            }}
          />
        )}
        <Button icon={X} small wordless label={words.close} onClick={onClose} />
      </div>
      {problem !== null && (
        <div className="bell-none">
          <Trouble what={words.failed} problem={problem} onRetry={onLook} />
        </div>
      )}
      {problem === null && told === null && <p className="bell-none">{words.loading}</p>}
      {told !== null && all.length === 0 && (
        <p className="bell-none">
          <strong>{words.none}</strong>
          {words.noneMore}
        </p>
      )}
      <ul className="bell-list">
        {all.map((one) => (
          <Line key={one.id} one={one} fresh={fresh.has(one.id) || !one.read} onRemove={() => removeOne(one.id)} />
        ))}
      </ul>
    </div>
  );
}

/** Everything of it is text; where it leads is said before one goes there. */
function Line({ one, fresh, onRemove }: { readonly one: Notification; readonly fresh: boolean; readonly onRemove: () => void }) {
  const words = useWords(WORDS);
  const { longDate } = useLanguage();
  const host = hostOf(one.link);
  return (
    <li className={fresh ? 'bell-line bell-fresh' : 'bell-line'}>
      <div className="bell-words">
        <p className="bell-service">
          {fresh && <span className="bell-mark">{words.fresh}</span>}
          <span>{one.service}</span>
          <time dateTime={one.at}>{longDate(one.at)}</time>
        </p>
        <p className="bell-title">{one.title}</p>
        {one.text !== '' && <p>{one.text}</p>}
        {host !== null && (
          <a href={one.link} target="_blank" rel="noopener noreferrer">
            {words.opens(host)}
            <ExternalLink aria-hidden="true" size={16} strokeWidth={1.75} />
            <span className="hidden-words"> {words.newWindow}</span>
          </a>
        )}
      </div>
      <Button icon={X} small wordless label={words.remove(one.title)} onClick={onRemove} />
    </li>
  );
}
