import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { Button } from './Button.tsx';
import { useRead } from './client.tsx';
import { NoticeLine } from './NoticeLine.tsx';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly wide?: boolean;
}

const DOUBLE_CLICK_MS = 500;

/** The second click of a double one that closed a sheet isn't meant for what lay below it. */
function swallowSecondClick(): void {
  const swallow = (click: MouseEvent): void => {
    if (click.detail < 2) return;
    click.stopPropagation();
    click.preventDefault();
  };
  document.addEventListener('click', swallow, { capture: true });
  setTimeout(() => document.removeEventListener('click', swallow, { capture: true }), DOUBLE_CLICK_MS);
}

/** A modal sheet. The browser keeps the focus inside, closes it on Escape and gives the focus back. */
export function Dialog({ title, onClose, children, footer, wide }: Props) {
  const sheet = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const { words } = useLanguage();
  // The foot of the page, where they stand, can't be reached from here.
  const notices = useRead((store) => store.notices());

  useEffect(() => {
    const element = sheet.current;
    if (element === null || element.open) return;
    const before = document.activeElement;
    element.showModal();
    // What one came for takes the keys: a field, else the safe answer, else the sheet's own cross.
    element.querySelector<HTMLElement>('.dialog-body input, [data-first]')?.focus();
    return () => {
      element.close();
      swallowSecondClick();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  return (
    <dialog
      ref={sheet}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === sheet.current) onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="dialog-inside">
        <div className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <Button icon={X} label={words.actions.close} wordless onClick={onClose} />
        </div>
        <div className="dialog-body">
          {notices.map((notice) => (
            <NoticeLine key={notice.id} notice={notice} look="box" />
          ))}
          {children}
        </div>
        {footer !== undefined && <div className="dialog-foot">{footer}</div>}
      </div>
    </dialog>
  );
}
