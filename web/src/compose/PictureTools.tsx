import { type Editor, useEditorState } from '@tiptap/react';

import { useWords } from '../i18n/words.ts';
import { Button } from '../ui/Button.tsx';
import { WORDS } from './words.ts';

const WIDTHS = [
  ['small', 200],
  ['medium', 400],
  ['large', 640],
] as const;

/** How wide the chosen picture is, and its words for those who can't see it. */
export function PictureTools({ editor }: { readonly editor: Editor }) {
  const words = useWords(WORDS);
  const { alt, width } = useEditorState({
    editor,
    selector: ({ editor: now }) => {
      const attributes = now.getAttributes('picture');
      return { alt: String(attributes['alt'] ?? ''), width: Number(attributes['width'] ?? 0) };
    },
  });
  const change = (attributes: object): void => {
    editor.chain().updateAttributes('picture', attributes).run();
  };
  return (
    <div className="inner-tools" role="group" aria-label={words.pictureTools}>
      {WIDTHS.map(([name, pixels]) => (
        <Button
          key={name}
          label={words[name]}
          small
          look={width === pixels ? 'outline' : 'plain'}
          aria-pressed={width === pixels}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => change({ width: pixels })}
        />
      ))}
      <input
        className="input"
        type="text"
        value={alt}
        aria-label={words.alt}
        placeholder={words.alt}
        maxLength={300}
        onChange={(event) => change({ alt: event.target.value })}
      />
    </div>
  );
}
