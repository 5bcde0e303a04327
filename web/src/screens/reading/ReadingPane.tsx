import { Archive, ArrowLeft, ChevronDown, ChevronUp, Ellipsis, Mail, MailOpen } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import type { ConversationRef, ConversationView, MailboxRole } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { useFeatures, usePage } from '../../ui/features.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { useLasting } from '../../ui/timing.ts';
import { DeleteButton } from '../DeleteButton.tsx';
import { MoveButton } from '../MoveButton.tsx';
import { useReadOnly } from '../rights.ts';
import { Conversation } from './Conversation.tsx';
import { Failed } from './Failed.tsx';

/** The right of the screen: the conversation that is open. `alone`: it stands in place of the list. */
export function ReadingPane({ alone }: { readonly alone: boolean }) {
  const open = useRead((store) => store.view().open);
  const subject = useRead((store) => (open === null ? '' : store.conversation(open).subject));
  const { words } = useLanguage();
  const region = useRef<HTMLElement>(null);
  const thread = open?.thread;

  useEffect(() => {
    if (thread === undefined) return;
    region.current?.querySelector('.reading-scroll')?.scrollTo({ top: 0 });
    if (alone) region.current?.focus({ preventScroll: true });
  }, [thread, alone]);

  return (
    <section ref={region} id="reading" className="pane reading-pane" aria-label={subject === '' ? words.reading.region : words.reading.regionOf(subject)} tabIndex={-1}>
      {open === null ? <Nothing /> : <Opened key={open.thread} open={open} alone={alone} />}
    </section>
  );
}

function Nothing() {
  const { reading } = useLanguage().words;
  return (
    <div className="empty empty-reading">
      <MailOpen aria-hidden="true" size={28} strokeWidth={1.5} />
      <p className="empty-title">{reading.choose}</p>
      <p>{reading.chooseMore}</p>
    </div>
  );
}

function Opened({ open, alone }: { readonly open: ConversationRef; readonly alone: boolean }) {
  const view = useRead((store) => store.conversation(open));
  const role = useRead((store) => {
    const list = store.view().list;
    return list === null ? null : (store.mailboxes(list.account).find((one) => one.id === list.mailbox)?.role ?? null);
  });
  return (
    <>
      <ReadingBar view={view} role={role} alone={alone} />
      <div className="reading-scroll">
        <Content view={view} role={role} />
      </div>
    </>
  );
}

function Content({ view, role }: { readonly view: ConversationView; readonly role: MailboxRole | null }): ReactNode {
  const { words } = useLanguage();
  const waiting = useLasting(view.state === 'loading' && view.messages.length === 0, 200);
  if (view.messages.length > 0) return <Conversation view={view} role={role} />;
  if (view.state === 'failed') return <Failed view={view} look="page" />;
  return (
    <div role="group" className="reading-inside" aria-busy="true" aria-label={words.reading.loading}>
      {waiting && (
        <div className="skeleton-message" aria-hidden="true">
          <span className="skeleton skeleton-title" />
          <span className="skeleton" style={{ width: '32%' }} />
          <span className="skeleton" style={{ width: '88%' }} />
          <span className="skeleton" style={{ width: '94%' }} />
          <span className="skeleton" style={{ width: '61%' }} />
        </div>
      )}
    </div>
  );
}

interface BarProps {
  readonly view: ConversationView;
  readonly role: MailboxRole | null;
  readonly alone: boolean;
}

function ReadingBar({ view, role, alone }: BarProps) {
  const { actions } = useLanguage().words;
  const commands = useCommands();
  const readOnly = useReadOnly();
  return (
    <header className="reading-bar">
      {alone && (
        <Button
          icon={ArrowLeft}
          label={actions.back}
          act="back"
          wordless
          onClick={() => void commands.run('close-conversation', {})}
        />
      )}
      {!readOnly && <ReadingActs view={view} role={role} />}
      <span className="reading-steps">
        <Button
          icon={ChevronUp}
          label={actions.previous}
          act="previous"
          wordless
          onClick={() => void commands.run('previous-conversation', {})}
        />
        <Button
          icon={ChevronDown}
          label={actions.next}
          act="next"
          wordless
          onClick={() => void commands.run('next-conversation', {})}
        />
      </span>
    </header>
  );
}

function ReadingActs({ view, role }: Omit<BarProps, 'alone'>) {
  const { actions } = useLanguage().words;
  const commands = useCommands();
  const page = usePage();
  const more = useFeatures().flatMap((feature) => feature.conversationActs?.(page, view) ?? []);
  const anyUnread = view.messages.some((message) => message.unread);
  return (
    <span className="reading-acts">
      {role !== 'archive' && role !== 'trash' && (
        <Button icon={Archive} label={actions.archive} act="archive" data-act="archive" onClick={() => void commands.run('archive', {})} />
      )}
      <DeleteButton role={role} count={1} />
      <MoveButton />
      <Button
        icon={anyUnread ? MailOpen : Mail}
        label={anyUnread ? actions.readShort : actions.unreadShort}
        act="mark-unread"
        title={anyUnread ? actions.markRead : actions.markUnread}
        onClick={() => void commands.run(anyUnread ? 'mark-read' : 'mark-unread', {})}
      />
      {more.length > 0 && (
        <Menu
          label={actions.more}
          items={more}
          trigger={(props) => <Button icon={Ellipsis} label={actions.more} wordless {...props} />}
        />
      )}
    </span>
  );
}
