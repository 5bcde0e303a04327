import { useEffect, useRef, useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';

interface Props {
  readonly text: string;
  readonly autoFocus: boolean;
  readonly onChange: (text: string) => void;
}

/** Text without form, in letters of one width as it will be read. Grows with what is written. */
export function PlainText({ text, autoFocus, onChange }: Props) {
  const { compose } = useLanguage().words;
  const [value, setValue] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!autoFocus) return;
    field.current?.focus();
    field.current?.setSelectionRange(0, 0);
  }, [autoFocus]);
  return (
    <textarea
      ref={field}
      className="plain-text"
      aria-label={compose.body}
      placeholder={compose.placeholder}
      value={value}
      onChange={(event) => {
        setValue(event.target.value);
        onChange(event.target.value);
      }}
    />
  );
}
