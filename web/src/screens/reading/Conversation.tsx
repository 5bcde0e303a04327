import { Forward, Reply, ReplyAll } from 'lucide-react';
import { useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import type { ConversationView, EmailId, MailboxRole, Message } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { Slot } from '../../ui/features.tsx';
import { nameOf } from '../../ui/people.ts';
import { MessageArticle } from './MessageArticle.tsx';

/** Older messages beyond this many are one line together until asked for. */
const FOLDED_LINES = 3;

/** All messages of a conversation: the newest open, the others a line each. */
export function Conversation({ view, role }: { readonly view: ConversationView; readonly role: MailboxRole | null }) {
  const { words } = useLanguage();
  const [changed, setChanged] = useState<ReadonlyMap<EmailId, boolean>>(new Map());
  const [all, setAll] = useState(false);
  const newest = view.messages.findLast((message) => !message.draft) ?? view.messages.at(-1);
  const isOpen = (message: Message): boolean => changed.get(message.id) ?? message === newest;
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
        if (isOpen(message)) {
          const fold = view.messages.length > 1 ? () => toggle(message) : undefined;
          return (
            <MessageArticle key={message.id} message={message} role={role} {...(fold === undefined ? {} : { onFold: fold })} />
          );
        }
        return <FoldedMessage key={message.id} message={message} onOpen={() => toggle(message)} />;
      })}
      {newest !== undefined && !newest.draft && <Answers message={newest} />}
    </div>
  );
}

function FoldedMessage({ message, onOpen }: { readonly message: Message; readonly onOpen: () => void }) {
  const language = useLanguage();
  const { words } = language;
  const from = message.from.map(nameOf).join(', ') || words.list.noSender;
  return (
    <button
      type="button"
      className={message.unread ? 'folded-message folded-unread' : 'folded-message'}
      aria-expanded="false"
      aria-label={`${words.reading.open(from)}, ${language.longDate(message.receivedAt)}`}
      onClick={onOpen}
    >
      <span className="folded-from">{from}</span>
      {message.draft && <span className="row-draft">{words.list.isDraft}</span>}
      <span className="folded-preview">{message.preview}</span>
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
      <Button icon={Reply} label={actions.reply} look="outline" hint="R" onClick={() => void commands.run('reply', to)} />
      {others.length > 0 && (
        <Button
          icon={ReplyAll}
          label={actions.replyAll}
          look="outline"
          hint="A"
          onClick={() => void commands.run('reply-all', to)}
        />
      )}
      <Button
        icon={Forward}
        label={actions.forward}
        look="outline"
        hint="F"
        onClick={() => void commands.run('forward', to)}
      />
    </div>
  );
}
