import { useEffect, useRef, useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import type { DraftKey, OpenComposer } from '../store/types.ts';
import { Button } from '../ui/Button.tsx';
import { useCommands, useRead } from '../ui/client.tsx';
import { useMedia } from '../ui/timing.ts';
import { Composer } from './Composer.tsx';

/** How long a thrown-away draft can be had back. */
const DISCARD_MS = 8000;

/** What the keyboard of a phone leaves of the window: browsers put it over the page. */
function useVisibleHeight(): void {
  useEffect(() => {
    const seen = window.visualViewport;
    if (seen === null) return;
    const { style } = document.documentElement;
    const fit = (): void => {
      if (seen.scale > 1.01) return;
      style.setProperty('--seen-height', `${seen.height}px`);
      style.setProperty('--seen-top', `${seen.offsetTop}px`);
    };
    fit();
    seen.addEventListener('resize', fit);
    seen.addEventListener('scroll', fit);
    return () => {
      seen.removeEventListener('resize', fit);
      seen.removeEventListener('scroll', fit);
      style.removeProperty('--seen-height');
      style.removeProperty('--seen-top');
    };
  }, []);
}

/** How many can stand side by side, each wide enough for its own buttons. */
function useRoom(): number {
  const two = useMedia('(min-width: 1024px)');
  const three = useMedia('(min-width: 1520px)');
  return three ? 3 : two ? 2 : 1;
}

/** Those for which there is room: the last ones that were opened. The others are small until they are asked for. */
function withRoom(composers: readonly OpenComposer[], room: number): ReadonlySet<DraftKey> {
  const open = composers.filter(({ minimised }) => !minimised).map(({ draft }) => draft);
  return new Set(open.slice(-room));
}

/** The messages being written, over the page: the last one opened stands first. */
export function Composers() {
  const composers = useRead((store) => store.view().composers);
  const commands = useCommands();
  const { words } = useLanguage();
  useVisibleHeight();
  const [thrown, setThrown] = useState<readonly DraftKey[]>([]);
  const shown = composers.filter((one) => !thrown.includes(one.draft));
  const large = withRoom(shown, useRoom());
  const throwAway = (draft: DraftKey): void => setThrown([...thrown, draft]);
  const keep = (draft: DraftKey): void => setThrown(thrown.filter((one) => one !== draft));
  return (
    <>
      {/* One landmark for all: small ones would be many of the same kind. */}
      <section className="composers" aria-label={shown.length === 0 ? undefined : words.compose.regions}>
        {shown.map((one) => (
          <Composer key={one.draft} draft={one.draft} minimised={!large.has(one.draft)} onDiscard={() => throwAway(one.draft)} />
        ))}
      </section>
      <div className="toasts toasts-compose" role="status" aria-live="polite">
        {thrown.map((draft) => (
          <Thrown
            key={draft}
            onUndo={() => keep(draft)}
            onGone={() => {
              void commands.run('discard-draft', { draft });
              keep(draft);
            }}
          />
        ))}
      </div>
    </>
  );
}

function Thrown({ onUndo, onGone }: { readonly onUndo: () => void; readonly onGone: () => void }) {
  const { words } = useLanguage();
  const gone = useRef(onGone);
  useEffect(() => {
    gone.current = onGone;
  });
  useEffect(() => {
    const timer = setTimeout(() => gone.current(), DISCARD_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="toast">
      <p>{words.compose.discarded}</p>
      <Button label={words.actions.undo} small onClick={onUndo} />
    </div>
  );
}
