import { lazy, useCallback, useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import type { Me } from '../../store/types.ts';
import { Apart, Unloaded } from '../../ui/Apart.tsx';
import { useRead } from '../../ui/client.tsx';
import { Slot, usePage } from '../../ui/features.tsx';
import { useSettings } from '../../ui/settings.tsx';
import { useMedia } from '../../ui/timing.ts';
import { useAddress } from '../address.ts';
import { useKeptFocus } from '../focus.ts';
import { FolderPane } from '../folders/FolderPane.tsx';
import { useKeyboard } from '../keyboard.ts';
import { ListPane } from '../list/ListPane.tsx';
import { useListTitle } from '../list/title.ts';
import { ReadingPane } from '../reading/ReadingPane.tsx';
import { openSheet, type SheetName } from '../sheets.ts';
import { BottomBar } from './BottomBar.tsx';
import { Drawer } from './Drawer.tsx';
import { StatusLine } from './StatusLine.tsx';
import { Toasts } from './Toasts.tsx';
import { TopBar } from './TopBar.tsx';

const Composers = lazy(() => import('../../compose/Composers.tsx').then((module) => ({ default: module.Composers })));
/** One pane on a phone, two on a tablet, three on a desk. */
function usePanes(): { readonly folders: boolean; readonly split: 'right' | 'below' | null } {
  const { settings } = useSettings();
  const wide = useMedia('(min-width: 1024px)');
  const middle = useMedia('(min-width: 720px)');
  // Two halves of a low window would show nothing.
  const high = useMedia('(min-height: 560px)');
  const split = settings.pane === 'none' || (settings.pane === 'below' && !high) ? null : settings.pane;
  return { folders: wide && settings.folders, split: middle ? split : null };
}

export function Shell({ me }: { readonly me: Me }) {
  const { words } = useLanguage();
  const panes = usePanes();
  const open = useRead((store) => store.view().open);
  const page = usePage();
  const onSheet = useCallback((name: SheetName) => openSheet(page, name), [page]);
  const [drawer, setDrawer] = useState(false);
  useAddress(me.account, me.sharedComputer);
  useKeyboard();
  useKeptFocus();
  useTitle(me);

  const classes = ['shell', panes.folders && 'shell-folders', panes.split === 'right' && 'shell-split', panes.split === 'below' && 'shell-below'];
  return (
    <div className={classes.filter(Boolean).join(' ')}>
      <a className="skip-link" href="#mail">
        {words.skipToList}
      </a>
      <TopBar me={me} onSheet={onSheet} onDrawer={() => setDrawer(true)} />
      <Slot name="PageTop" with={{ me }} />
      <div className="panes">
        {panes.folders && (
          <div className="pane folders-side">
            <FolderPane me={me} />
          </div>
        )}
        <Mail split={panes.split !== null} reading={open !== null} />
      </div>
      {/* Below what one reads: what comes and goes there moves nothing under the hand. */}
      <div className="page-foot">
        <StatusLine />
        <Slot name="PageFoot" with={{ me }} />
      </div>
      <BottomBar reading={panes.split === null && open !== null} onSheet={onSheet} onDrawer={() => setDrawer(true)} />
      {drawer && <Drawer me={me} onClose={() => setDrawer(false)} />}
      <OpenComposers />
      <Slot name="Background" with={{ me }} />
      <Toasts />
    </div>
  );
}

/** List and conversation side by side, one above the other, or one in place of the other. */
function Mail({ split, reading }: { readonly split: boolean; readonly reading: boolean }) {
  return (
    <main id="mail" tabIndex={-1} className="mail">
      {(split || !reading) && <ListPane />}
      {(split || reading) && <ReadingPane alone={!split} />}
    </main>
  );
}

function OpenComposers() {
  const any = useRead((store) => store.view().composers.length > 0);
  const [wanted, setWanted] = useState(false);
  // Once loaded it stays: a draft thrown away can be had back for a while.
  if (any && !wanted) setWanted(true);
  return <Apart instead={<div className="toasts"><Unloaded /></div>}>{wanted && <Composers />}</Apart>;
}

/** What is listed and how many are unread, in the tab's own title. */
function useTitle(me: Me): void {
  const { words } = useLanguage();
  const unread = useRead((store) => store.mailboxes(me.account).find((one) => one.role === 'inbox')?.unread ?? 0);
  const listed = useListTitle();
  useEffect(() => {
    const parts = [listed, words.product, me.academy.name].filter((part) => part !== '');
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${parts.join(' – ')}`;
  }, [listed, unread, words, me.academy.name]);
}
