import { Archive, Folder, PenLine, Reply, Search, Settings, Trash2 } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import type { Message } from '../../store/types.ts';
import { useCommands, useRead, useStoreItself } from '../../ui/client.tsx';
import { useReadOnly } from '../rights.ts';
import type { SheetName } from '../sheets.ts';
import { deleteOrAsk } from '../trash.ts';

interface Props {
  readonly reading: boolean;
  readonly onSheet: (sheet: SheetName) => void;
  readonly onDrawer: () => void;
}

/** On a phone, what one does most lies under the thumb. */
export function BottomBar({ reading, onSheet, onDrawer }: Props) {
  const { words } = useLanguage();
  return (
    <nav className="bottom-bar" aria-label={words.settings.bar}>
      {reading ? <ReadingActs /> : <ListActs onSheet={onSheet} onDrawer={onDrawer} />}
    </nav>
  );
}

function Act({ icon: Icon, label, act }: { readonly icon: LucideIcon; readonly label: string; readonly act: () => void }) {
  return (
    <button type="button" className="bottom-act" onClick={act}>
      <Icon aria-hidden="true" size={22} strokeWidth={1.75} />
      <span>{label}</span>
    </button>
  );
}

function ListActs({ onSheet, onDrawer }: Omit<Props, 'reading'>) {
  const { words } = useLanguage();
  const commands = useCommands();
  return (
    <>
      <Act icon={Folder} label={words.folders.title} act={onDrawer} />
      <Act icon={Search} label={words.search.go} act={() => document.getElementById('search')?.focus()} />
      <Act icon={PenLine} label={words.keys.writing} act={() => void commands.run('compose', {})} />
      <Act icon={Settings} label={words.settings.open} act={() => onSheet('settings')} />
    </>
  );
}

function ReadingActs() {
  const { actions } = useLanguage().words;
  const commands = useCommands();
  const store = useStoreItself();
  const open = useRead((read) => read.view().open);
  const readOnly = useReadOnly();
  if (open === null) return null;
  const newest = (): Message | undefined => store.conversation(open).messages.findLast((one) => !one.draft);
  const answer = (): void => {
    const message = newest();
    if (message !== undefined) void commands.run('reply', { account: message.account, email: message.id });
  };
  return (
    <>
      {!readOnly && <Act icon={Archive} label={actions.archive} act={() => void commands.run('archive', {})} />}
      {!readOnly && <Act icon={Trash2} label={actions.delete} act={() => deleteOrAsk(commands)} />}
      <Act icon={Reply} label={actions.reply} act={answer} />
    </>
  );
}
