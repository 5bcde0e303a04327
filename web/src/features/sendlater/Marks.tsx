import { CalendarClock, Clock, FileX2, Send, TriangleAlert } from 'lucide-react';
import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { EmailId, Message, Row } from '../../store/types.ts';
import type { ApiSend } from '../../wire/api.ts';
import { useAnnounce } from '../../ui/Announcer.tsx';
import { Button } from '../../ui/Button.tsx';
import { sheet, usePage } from '../../ui/features.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { chipDate } from './moments.ts';
import { useSends } from './sends.ts';
import { WORDS } from './words.ts';
import './sendlater.css';

const ChangeSheet = sheet<{ readonly send: ApiSend }>(() => import('./ChangeSheet.tsx').then((module) => module.ChangeSheet));
const WaitingSheet = sheet(() => import('./WaitingSheet.tsx').then((module) => module.WaitingSheet));

/** The scheduled send of a draft, while it waits or after it came back. */
function useSendOf(email: EmailId): ApiSend | undefined {
  const { me } = usePage();
  return useSends(me).rows.find(({ emailId }) => emailId === email);
}

/** What one does with a message that waits. Where it can't be done any more, the list of what waits says how things are. */
function useChanges(row: ApiSend | undefined) {
  const words = useWords(WORDS);
  const page = usePage();
  const announce = useAnnounce();
  const sends = useSends(page.me);
  const told = (text: string) => (done: boolean): void => {
    if (done) announce(text);
    else page.show(WaitingSheet, {});
  };
  return {
    at: (moment: Date): void => {
      if (row !== undefined) void sends.change((api) => api.reschedule(row.id, moment.toISOString())).then(told(words.changed));
    },
    stop: (): void => {
      if (row !== undefined) void sends.change((api) => api.cancelSend(row.id)).then(told(words.stopped));
    },
  };
}

/** Among the drafts: when this one leaves, and the ways to change that without opening it. */
export function RowMark({ row }: { readonly row: Row }) {
  const send = useSendOf(row.email);
  const words = useWords(WORDS);
  const { longDate, locale } = useLanguage();
  const page = usePage();
  const changes = useChanges(send);
  if (send === undefined) return null;
  const refused = send.state === 'refused';
  const now = page.services.now();
  const text = refused ? words.notLeft : chipDate(new Date(send.dueAt), now, locale);
  const Icon = refused ? TriangleAlert : CalendarClock;
  return (
    <span className="send-mark" onClick={(event) => event.stopPropagation()}>
      <Menu
        label={refused ? words.notLeft : words.leaves(longDate(send.dueAt))}
        trigger={(given) => (
          <button
            type="button"
            tabIndex={-1}
            className={refused ? 'send-chip send-chip-back' : 'send-chip'}
            title={refused ? (send.reason ?? words.notLeft) : words.leaves(longDate(send.dueAt))}
            // Who says the words that one sees is understood.
            aria-label={refused ? text : `${text}, ${words.leaves(longDate(send.dueAt))}`}
            {...given}
          >
            <Icon aria-hidden="true" size={14} strokeWidth={1.75} />
            {text}
          </button>
        )}
        items={
          refused
            ? [
                { key: 'why', label: words.see, icon: TriangleAlert, act: () => page.show(WaitingSheet, {}) },
                { key: 'noted', label: words.noted, act: changes.stop },
              ]
            : [
                { key: 'change', label: words.change, icon: Clock, act: () => page.show(ChangeSheet, { send }) },
                { key: 'now', label: words.now, icon: Send, act: () => changes.at(page.services.now()) },
                { key: 'stop', label: words.keepAsDraft, icon: FileX2, act: changes.stop },
              ]
        }
      />
    </span>
  );
}

/** In a conversation: the same for the draft that stands there. */
export function MessageMark({ message }: { readonly message: Message }) {
  const send = useSendOf(message.id);
  const words = useWords(WORDS);
  const { longDate } = useLanguage();
  const page = usePage();
  const changes = useChanges(send);
  if (send === undefined) return null;
  if (send.state === 'refused') {
    return (
      <div role="status">
        <Trouble quiet what={words.refused} problem={{ kind: 'refused', code: 'SEND', detail: send.reason, reference: send.reference }} />
      </div>
    );
  }
  return (
    <div className="banner" role="note">
      <CalendarClock aria-hidden="true" size={18} strokeWidth={1.75} />
      <p>{words.leaves(longDate(send.dueAt))}</p>
      <Button label={words.change} small look="outline" onClick={() => page.show(ChangeSheet, { send })} />
      <Button label={words.keepAsDraft} small onClick={changes.stop} />
    </div>
  );
}
