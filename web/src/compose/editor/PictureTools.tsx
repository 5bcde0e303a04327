import { type Editor, useEditorState } from '@tiptap/react';
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { PICTURE_WORDS } from './picture-words.ts';
import { LARGEST_PICTURE, type Lighter } from './picture.ts';
import { WORDS } from '../words.ts';

const WIDTHS = [
  ['small', 200],
  ['medium', 400],
  ['large', 640],
] as const;
const TOLD_MS = 20_000;

interface Props {
  readonly editor: Editor;
  readonly lighter: ReadonlyMap<string, Lighter>;
  readonly onOriginal: (cid: string) => void;
}

/** How wide the chosen picture is, its words for those who can't see it, and the way back to how it was. */
export function PictureTools({ editor, lighter, onOriginal }: Props) {
  const words = useWords(WORDS);
  const { alt, width, cid } = useEditorState({
    editor,
    selector: ({ editor: now }) => {
      const attributes = now.getAttributes('picture');
      return { alt: String(attributes['alt'] ?? ''), width: Number(attributes['width'] ?? 0), cid: String(attributes['cid'] ?? '') };
    },
  });
  const change = (attributes: object): void => {
    // It stays chosen: a change of attributes puts another in its place.
    editor.chain().updateAttributes('picture', attributes).setNodeSelection(editor.state.selection.from).run();
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
      <Says cid={cid} lighter={lighter} onOriginal={onOriginal} />
    </div>
  );
}

interface SaysProps extends Omit<Props, 'editor'> {
  readonly cid: string;
}

function Says({ cid, lighter, onOriginal }: SaysProps) {
  const words = useWords(PICTURE_WORDS);
  const { size } = useLanguage();
  const kept = lighter.get(cid);
  if (kept === undefined) return null;
  return (
    <>
      <span className="soft">{words.lightened(size(kept.original.size), size(kept.size))}</span>
      <Button label={kept.original.size > LARGEST_PICTURE ? words.attachOriginal : words.original} small look="outline" onClick={() => onOriginal(cid)} />
    </>
  );
}

/** A photograph was just made lighter: said for a while, with the way back. */
export function Lightened({ lighter, onOriginal }: Omit<Props, 'editor'>) {
  const words = useWords(PICTURE_WORDS);
  const last = [...lighter.keys()].at(-1) ?? '';
  const [seen, setSeen] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSeen(last), TOLD_MS);
    return () => clearTimeout(timer);
  }, [last]);
  if (last === '' || last === seen) return null;
  return (
    <div className="inner-tools" role="status">
      <Says cid={last} lighter={lighter} onOriginal={onOriginal} />
      <span className="grow" />
      <Button icon={X} label={words.fine} wordless small onClick={() => setSeen(last)} />
    </div>
  );
}
