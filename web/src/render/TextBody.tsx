import { useMemo, useState } from 'react';

import { linkify } from './links.ts';
import { cutText, readText, type TextBlock } from './text.ts';
import { TextLink } from './TextLink.tsx';

interface Words {
  readonly showMore: string;
  readonly showHistory: string;
  readonly hideHistory: string;
}

/** So many characters are drawn at once; more comes when asked, so that no message freezes the page. */
const AT_ONCE = 60_000;

/** A plain text message: links live, quotations told apart, history folded. */
export function TextBody({ text, words }: { readonly text: string; readonly words: Words }) {
  const [drawn, setDrawn] = useState(AT_ONCE);
  const [whole, setWhole] = useState(false);
  const { head, rest } = useMemo(() => cutText(text, drawn), [text, drawn]);
  const message = useMemo(() => readText(head), [head]);
  const hasHistory = message.history.length > 0;
  return (
    <div className="text-body">
      {message.shown.map((block, at) => (
        <Block key={at} block={block} />
      ))}
      {hasHistory && (
        <button type="button" className="history-button" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? words.hideHistory : words.showHistory}
        </button>
      )}
      {hasHistory && whole && message.history.map((block, at) => <Block key={at} block={block} />)}
      {rest !== '' && (!hasHistory || whole) && (
        <button type="button" className="history-button" onClick={() => setDrawn(drawn * 4)}>
          {words.showMore}
        </button>
      )}
    </div>
  );
}

function Block({ block }: { readonly block: TextBlock }) {
  const pieces = useMemo(() => linkify(block.text), [block.text]);
  const inside = pieces.map((piece, at) =>
    piece.href === undefined ? (
      piece.text
    ) : (
      <TextLink key={at} text={piece.text} href={piece.href} />
    ),
  );
  if (block.level === 0) return <div className="text-block">{inside}</div>;
  return (
    <blockquote className="text-block text-quote" data-level={Math.min(block.level, 3)}>
      {inside}
    </blockquote>
  );
}
