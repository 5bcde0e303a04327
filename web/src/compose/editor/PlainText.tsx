import { type RefObject, useEffect, useRef, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';

interface Props {
  readonly text: string;
  readonly autoFocus: boolean;
  /** What is chosen in the text: told to who inserts something there, and where one begins. */
  readonly caretRef: RefObject<readonly [number, number]>;
  readonly onChange: (text: string) => void;
}

/** Text without form, in letters of one width as it will be read. Grows with what is written. */
export function PlainText({ text, autoFocus, caretRef, onChange }: Props) {
  const { compose } = useLanguage().words;
  const [value, setValue] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!autoFocus) return;
    field.current?.focus();
    field.current?.setSelectionRange(...caretRef.current);
  }, [autoFocus, caretRef]);
  return (
    <textarea
      autoComplete="off"
      ref={field}
      className="editor-text plain-text"
      aria-label={compose.body}
      placeholder={compose.placeholder}
      value={value}
      onSelect={({ currentTarget }) => {
        caretRef.current = [currentTarget.selectionStart, currentTarget.selectionEnd];
      }}
      onChange={(event) => {
        setValue(event.target.value);
        onChange(event.target.value);
      }}
    />
  );
}
