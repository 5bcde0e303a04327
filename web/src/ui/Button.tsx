import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, Ref } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { type ActName, isCharacter, KEYS, keysInWords, useShortcuts } from './keys.tsx';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon?: LucideIcon;
  /** The word; read aloud and shown as a hint when `wordless`. */
  readonly label: string;
  readonly wordless?: boolean;
  readonly look?: 'plain' | 'primary' | 'outline' | 'danger';
  readonly small?: boolean;
  /** Key that does the same, shown in the hint. */
  readonly hint?: string;
  /** The act of the page that it does: its key is the hint. */
  readonly act?: ActName;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** The key of an act in words; none while keys of one character are off. */
function useKeyOf(act: ActName | undefined): string | undefined {
  const { words } = useLanguage();
  const on = useShortcuts();
  if (act === undefined || (!on && isCharacter(KEYS[act]))) return undefined;
  return keysInWords(KEYS[act], words).map((step) => step.join('+')).join(' ');
}

function hintOf(label: string, hint: string | undefined, wordless: boolean): string | undefined {
  if (hint !== undefined) return `${label} (${hint})`;
  return wordless ? label : undefined;
}

/** A button with a word, or an icon that carries its word for who hears it or hovers over it. */
export function Button({ icon: Icon, label, wordless, look = 'plain', small, hint, act, className, ...rest }: Props) {
  const classes = ['button', `button-${look}`, wordless && 'button-wordless', small && 'button-small', className];
  const key = useKeyOf(act);
  const title = hintOf(label, hint ?? key, wordless === true);
  return (
    <button
      type="button"
      className={classes.filter(Boolean).join(' ')}
      aria-label={wordless ? label : undefined}
      title={title}
      {...rest}
    >
      {Icon && <Icon aria-hidden="true" size={small ? 18 : 20} strokeWidth={1.75} />}
      {!wordless && <span className="button-word">{label}</span>}
    </button>
  );
}
