import { Forward, Reply, ReplyAll } from 'lucide-react';
import { Fragment, type ReactNode, useEffect, useRef, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { ConversationView, EmailId, MailboxRole, Message } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { Slot } from '../../ui/features.tsx';
import { nameOf } from '../../ui/people.ts';
import { paneWords } from '../words.ts';
import { Failed } from './Failed.tsx';
import { MessageArticle } from './MessageArticle.tsx';
import { Passed } from './Passed.tsx';

/** Older messages beyond this many are one line together until asked for. */
const FOLDED_LINES = 3;

/** More unread messages than this aren't unfolded at once: each is a frame to lay out. */
const UNFOLDED_AT_MOST = 6;

/** Those to unfold: the newest, and what one hasn't read yet, from its first message on. */
function unfolded(messages: readonly Message[], fresh: ReadonlySet<EmailId>): ReadonlySet<EmailId> {
  const newest = messages.findLast((message) => !message.draft) ?? messages.at(-1);
  const unread = messages.filter(({ id }) => fresh.has(id)).slice(0, UNFOLDED_AT_MOST);
  return new Set([...unread, ...(newest === undefined ? [] : [newest])].map(({ id }) => id));
}

/** The first message that came since one last read the conversation; null when all of it is new, or nothing. */
function firstNew(messages: readonly Message[], fresh: ReadonlySet<EmailId>): EmailId | null {
  const at = messages.findIndex(({ id }) => fresh.has(id));
  return at > 0 ? (messages[at]?.id ?? null) : null;
}

/** Where one's last reading ended. Brought into view once, when the conversation is there. */
function NewLine({ ready }: { readonly ready: boolean }) {
  const text = useWords(paneWords).newFrom;
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (ready) line.current?.scrollIntoView({ block: 'start' });
  }, [ready]);
  return (
    <p ref={line} className="new-line">
      <span>{text}</span>
    </p>
  );
}

/** Said in place of a text that didn't come; nothing as long as it may. */
function missingOf(view: ConversationView, here: boolean): ReactNode {
  if (view.state !== 'failed') return undefined;
  return here ? <Failed view={view} look="box" /> : null;
}

/** All messages of a conversation: the newest and the unread open, the others a line each. */
export function Conversation({ view, role }: { readonly view: ConversationView; readonly role: MailboxRole | null }) {
  const { words } = useLanguage();
  const [changed, setChanged] = useState<ReadonlyMap<EmailId, boolean>>(new Map());
  const [all, setAll] = useState(false);
  const newest = view.messages.findLast((message) => !message.draft) ?? view.messages.at(-1);
  const fresh = useRead((store) => store.view().fresh);
  const open = unfolded(view.messages, fresh);
  const first = firstNew(view.messages, fresh);
  const isOpen = (message: Message): boolean => changed.get(message.id) ?? open.has(message.id);
  // Several texts that didn't come are one failure, told once.
  const lastMissing = view.messages.findLast((message) => message.body === null && isOpen(message));
  const hidden = all ? 0 : Math.max(0, view.messages.length - 1 - FOLDED_LINES);
  const toggle = (message: Message): void => setChanged(new Map(changed).set(message.id, !isOpen(message)));
  return (
    <div className="reading-inside">
      <h1 className="subject">{view.subject.trim() === '' ? words.list.noSubject : view.subject}</h1>
      <Slot name="ConversationTop" with={{ view }} />
      {hidden > 1 && (
        <button type="button" className="older-button" onClick={() => setAll(true)}>
          {words.reading.older(hidden)}
        </button>
      )}
      {view.messages.map((message, at) => {
        if (hidden > 1 && at < hidden && !isOpen(message)) return null;
        const fold = view.messages.length > 1 ? { onFold: () => toggle(message) } : {};
        return (
          <Fragment key={message.id}>
            {message.id === first && <NewLine ready={view.state === 'ready'} />}
            {isOpen(message) ? (
              <MessageArticle message={message} role={role} missing={missingOf(view, message === lastMissing)} {...fold} />
            ) : (
              <FoldedMessage message={message} onOpen={() => toggle(message)} />
            )}
          </Fragment>
        );
      })}
      {newest !== undefined && !newest.draft && <Answers message={newest} />}
    </div>
  );
}

/** Named by what one sees of it: who speaks those words to the browser is understood. */
function FoldedMessage({ message, onOpen }: { readonly message: Message; readonly onOpen: () => void }) {
  const language = useLanguage();
  const { words } = language;
  const from = message.from.map(nameOf).join(', ') || words.list.noSender;
  return (
    <button
      type="button"
      className={message.unread ? 'folded-message folded-unread' : 'folded-message'}
      aria-expanded="false"
      onClick={onOpen}
    >
      <span className="folded-from">{from}</span> {message.draft && <span className="row-draft">{words.list.isDraft}</span>}{' '}
      <span className="folded-preview">{message.preview}</span>{' '}
      <Passed message={message} />
      <time dateTime={message.receivedAt}>{language.shortDate(message.receivedAt)}</time>
    </button>
  );
}

/** Where the eye ends: what one does next with the newest message. */
function Answers({ message }: { readonly message: Message }) {
  const { actions } = useLanguage().words;
  const commands = useCommands();
  const me = useRead((store) => store.me());
  const others = [...message.to, ...message.cc].filter((one) => one.email.toLowerCase() !== me?.address.toLowerCase());
  const to = { account: message.account, email: message.id };
  return (
    <div className="answers">
      <Button icon={Reply} label={actions.reply} look="outline" act="reply" onClick={() => void commands.run('reply', to)} />
      {others.length > 0 && (
        <Button
          icon={ReplyAll}
          label={actions.replyAll}
          look="outline"
          act="reply-all"
          onClick={() => void commands.run('reply-all', to)}
        />
      )}
      <Button
        icon={Forward}
        label={actions.forward}
        look="outline"
        act="forward"
        onClick={() => void commands.run('forward', to)}
      />
    </div>
  );
}
