import { useWords } from '../../i18n/words.ts';
import type { ApiSend } from '../../wire/api.ts';
import { useAnnounce } from '../../ui/Announcer.tsx';
import { sheet, usePage } from '../../ui/features.tsx';
import { MomentDialog } from './MomentDialog.tsx';
import { useSends } from './sends.ts';
import { WORDS } from './words.ts';

const WaitingSheet = sheet(() => import('./WaitingSheet.tsx').then((module) => module.WaitingSheet));

/** Another time for a message that waits; over the page, so that no row is called by what it asks. */
export function ChangeSheet({ send, onClose }: { readonly send: ApiSend; readonly onClose: () => void }) {
  const words = useWords(WORDS);
  const page = usePage();
  const announce = useAnnounce();
  const sends = useSends(page.me);
  const choose = (moment: Date): void => {
    onClose();
    void sends.change((api) => api.reschedule(send.id, moment.toISOString())).then((done) => {
      // The list of what waits says why not.
      if (done) announce(words.changed);
      else page.show(WaitingSheet, {});
    });
  };
  return <MomentDialog start={new Date(send.dueAt)} now={page.services.now()} onChosen={choose} onClose={onClose} />;
}
