import { useWords } from '../../i18n/words.ts';
import { useRead } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { LabelsPanel } from './LabelsPanel.tsx';
import { moreWords } from './more-words.ts';

/** The labels of the settings, from the pane. */
export function EditorSheet({ onClose }: { readonly onClose: () => void }) {
  const words = useWords(moreWords);
  const me = useRead((store) => store.me());
  return (
    <Dialog title={words.manage} onClose={onClose}>
      {me !== null && <LabelsPanel me={me} />}
    </Dialog>
  );
}
