import type { LucideIcon } from 'lucide-react';
import type { ButtonHTMLAttributes, Ref } from 'react';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon?: LucideIcon;
  /** The word; read aloud and shown as a hint when `wordless`. */
  readonly label: string;
  readonly wordless?: boolean;
  readonly look?: 'plain' | 'primary' | 'outline' | 'danger';
  readonly small?: boolean;
  /** Key that does the same, shown in the hint. */
  readonly hint?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

function hintOf(label: string, hint: string | undefined, wordless: boolean): string | undefined {
  if (hint !== undefined) return `${label} (${hint})`;
  return wordless ? label : undefined;
}

/** A button with a word, or an icon that carries its word for who hears it or hovers over it. */
export function Button({ icon: Icon, label, wordless, look = 'plain', small, hint, className, ...rest }: Props) {
  const classes = ['button', `button-${look}`, wordless && 'button-wordless', small && 'button-small', className];
  const title = hintOf(label, hint, wordless === true);
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
