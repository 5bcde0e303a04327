import './found-words.css';

import { useEffect } from 'react';

import { patternOf, rangesIn } from '../../render/found.ts';
import { wordsSought } from '../../store/search/search.ts';

const NAME = 'casier-found';
/** Texts of mail, in the list and in an open conversation. HTML mail has marks of its own inside its frame. */
const TEXTS = '.row-people, .row-subject, .row-preview, .subject, .message-name, .folded-from, .folded-preview, .text-body';

/** Marks the words of a search where they are shown. It changes nothing in the page: the browser paints what we name. */
export function FoundWords({ search }: { readonly search: string }): null {
  useEffect(() => {
    const pattern = patternOf(wordsSought(search));
    if (pattern === null || !('highlights' in CSS)) return;
    let asked = 0;
    const mark = (): void => {
      asked = 0;
      const ranges = [...document.querySelectorAll(TEXTS)].flatMap((text) => rangesIn(text, pattern));
      CSS.highlights.set(NAME, new Highlight(...ranges));
    };
    const watch = new MutationObserver(() => {
      if (asked === 0) asked = requestAnimationFrame(mark);
    });
    watch.observe(document.body, { childList: true, characterData: true, subtree: true });
    mark();
    return () => {
      watch.disconnect();
      cancelAnimationFrame(asked);
      CSS.highlights.delete(NAME);
    };
  }, [search]);
  return null;
}
