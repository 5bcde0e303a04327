import type { LucideIcon } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly icon?: LucideIcon;
  readonly hint?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly checked?: boolean;
  /** A link instead of an act. */
  readonly href?: string;
  readonly download?: string;
  readonly act?: () => void;
}

interface Props {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Draws the button; spread what it receives on it. */
  readonly trigger: (props: TriggerProps) => ReactNode;
}

export interface TriggerProps {
  readonly id: string;
  readonly 'aria-haspopup': 'menu';
  readonly 'aria-expanded': boolean;
  readonly onClick: () => void;
}

/** A button that opens a list of acts. Arrows move, a letter jumps, Escape closes and gives the focus back. */
export function Menu({ label, items, trigger }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const close = (): void => {
    setOpen(false);
    document.getElementById(id)?.focus();
  };
  return (
    <span className="menu-anchor">
      {trigger({ id, 'aria-haspopup': 'menu', 'aria-expanded': open, onClick: () => setOpen(!open) })}
      {open && <MenuList label={label} items={items} anchor={id} close={close} lost={() => setOpen(false)} />}
    </span>
  );
}

interface ListProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly anchor: string;
  readonly close: () => void;
  readonly lost: () => void;
}

function MenuList({ label, items, anchor, close, lost }: ListProps) {
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = list.current;
    const button = document.getElementById(anchor);
    if (element === null || button === null) return;
    element.showPopover();
    place(element, button.getBoundingClientRect());
    element.querySelector<HTMLElement>('[role^="menuitem"]:not(:disabled)')?.focus();
  }, [anchor]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    event.stopPropagation();
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      close();
    } else if (list.current !== null) moveInMenu(event, list.current);
  };

  return (
    <div
      ref={list}
      popover="auto"
      role="menu"
      aria-label={label}
      className="menu"
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onToggle={(event) => {
        if (event.newState === 'closed') lost();
      }}
    >
      {items.map((item) => (
        <MenuLine key={item.key} item={item} close={close} />
      ))}
    </div>
  );
}

function MenuLine({ item, close }: { readonly item: MenuItem; readonly close: () => void }) {
  const Icon = item.icon;
  const inside = (
    <>
      <span className="menu-icon">{Icon && <Icon aria-hidden="true" size={18} strokeWidth={1.75} />}</span>
      <span className="menu-word">{item.label}</span>
      {item.hint !== undefined && <kbd className="menu-hint">{item.hint}</kbd>}
    </>
  );
  const classes = item.danger ? 'menu-line menu-danger' : 'menu-line';
  if (item.href !== undefined) {
    return (
      <a role="menuitem" tabIndex={-1} className={classes} href={item.href} download={item.download} onClick={close}>
        {inside}
      </a>
    );
  }
  return (
    <button
      type="button"
      role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={item.checked}
      tabIndex={-1}
      className={classes}
      disabled={item.disabled}
      onClick={() => {
        close();
        item.act?.();
      }}
    >
      {inside}
    </button>
  );
}

function moveInMenu(event: KeyboardEvent, list: HTMLElement): void {
  const lines = [...list.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)')];
  const at = lines.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at < 0 ? lines.length - 1 : at - 1 + lines.length,
    Home: 0,
    End: lines.length - 1,
  };
  let to = steps[event.key];
  if (to === undefined && event.key.length === 1) {
    const letter = event.key.toLocaleLowerCase();
    const order = lines.map((_, step) => (at + 1 + step) % lines.length);
    to = order.find((index) => lines[index]?.textContent.trim().toLocaleLowerCase().startsWith(letter));
  }
  if (to === undefined) return;
  event.preventDefault();
  lines[to % lines.length]?.focus();
}

/** Below the button, or above it where there is no room; never outside the window. */
export function place(list: HTMLElement, button: DOMRect): void {
  const { width, height } = list.getBoundingClientRect();
  const room = 8;
  const below = button.bottom + 4;
  const top = below + height > window.innerHeight - room ? Math.max(room, button.top - height - 4) : below;
  const right = button.left + width > window.innerWidth - room;
  const left = right ? Math.max(room, button.right - width) : button.left;
  list.style.top = `${top}px`;
  list.style.left = `${left}px`;
}
