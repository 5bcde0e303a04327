import {
  ChevronDown, ChevronUp, CodeXml, CopyPlus, Ellipsis, FolderInput, Forward, Mail, Reply, ReplyAll, ShieldAlert, Star, Trash2,
} from 'lucide-react';
import { type ReactNode, Suspense, useId, useMemo, useState } from 'react';

import type { Targets } from '../../commands/types.ts';
import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Address, Attachment, MailboxRole, Message, MessageBody as Body } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { sheet, Slot, useFeatures, usePage } from '../../ui/features.tsx';
import { Menu, type MenuItem } from '../../ui/Menu.tsx';
import { initialsOf, nameOf } from '../../ui/people.ts';
import { useReadOnly } from '../rights.ts';
import { paneWords } from '../words.ts';
import { Attachments } from './Attachments.tsx';
import { Banner } from './Banner.tsx';
import { BodySkeleton, MessageBody } from './MessageBody.tsx';
import { Passed } from './Passed.tsx';

const SourceDialog = sheet<{ readonly message: Message }>(() => import('./SourceDialog.tsx').then((module) => module.SourceDialog));
const MoveSheet = sheet<{ readonly targets?: Targets }>(() => import('../MoveButton.tsx').then((module) => module.MoveDialog));

interface Props {
  readonly message: Message;
  readonly role: MailboxRole | null;
  /** Where its text didn't come: what is said instead. */
  readonly missing?: ReactNode;
  readonly onFold?: () => void;
}

/** One open message: who, to whom and when; what is to be known about it; its text; its files. */
export function MessageArticle({ message, role, missing, onFold }: Props) {
  const { words } = useLanguage();
  const commands = useCommands();
  const heading = useId();
  const files = useMemo(() => (message.body === null ? [] : filesOf(message.body)), [message.body]);
  return (
    <article className="message" aria-labelledby={heading} data-email={message.id}>
      <MessageHeader message={message} heading={heading} {...(onFold === undefined ? {} : { onFold })} />
      {message.draft && (
        <Banner
          text={words.reading.draft}
          act={words.actions.editDraft}
          onAct={() => void commands.run('edit-draft', { account: message.account, email: message.id })}
        />
      )}
      {role === 'junk' && (
        <Banner
          text={words.reading.inJunk}
          warning
          act={words.actions.notJunk}
          onAct={() => void commands.run('not-junk', {})}
        />
      )}
      {/* Marks above the text are loaded late: the text waits for them, so that it stays where one reads it. */}
      <Suspense fallback={<BodySkeleton />}>
        <Slot name="MessageTop" with={{ message }} together />
        <MessageBody message={message} missing={missing} />
      </Suspense>
      {files.length > 0 && <Attachments attachments={files} message={message} />}
      <Slot name="MessageBottom" with={{ message }} />
    </article>
  );
}

/** Files to list: pictures that the text itself shows are there already. */
function filesOf(body: Body): readonly Attachment[] {
  const html = body.parts.map((part) => (part.kind === 'html' ? part.value : '')).join('');
  const shown = (file: Attachment): boolean => file.cid !== null && html.includes(`cid:${file.cid}`);
  return body.attachments.filter((file) => !shown(file) && !isTwin(file, body.attachments));
}

/** An invitation comes twice in its message, once with a name: one line is enough. */
function isTwin(file: Attachment, all: readonly Attachment[]): boolean {
  if (file.name !== '' || !file.type.startsWith('text/calendar')) return false;
  return all.some((other) => other !== file && other.size === file.size && other.name.endsWith('.ics'));
}

interface HeaderProps {
  readonly message: Message;
  readonly heading: string;
  readonly onFold?: () => void;
}

function MessageHeader({ message, heading, onFold }: HeaderProps) {
  const language = useLanguage();
  const { words } = language;
  const commands = useCommands();
  const readOnly = useReadOnly();
  const [details, setDetails] = useState(false);
  const first = message.from[0];
  const name = first === undefined ? words.list.noSender : nameOf(first);
  const target = { targets: { kind: 'messages', account: message.account, emails: [message.id] } } as const;
  return (
    <header className="message-head">
      <span className="initials" aria-hidden="true">
        {first === undefined ? '?' : initialsOf(first)}
      </span>
      <div className="message-who">
        <p className="message-from">
          <span id={heading} className="message-name">
            {name}
          </span>
          {first !== undefined && name !== first.email && <span className="message-address">{first.email}</span>}
        </p>
        <Recipients message={message} details={details} onToggle={() => setDetails(!details)} />
      </div>
      <span className="message-when">
        <Passed message={message} />
        <time dateTime={message.receivedAt}>
          {language.longDate(message.receivedAt)}
        </time>
      </span>
      <span className="message-acts">
        {!readOnly && (
          <Button
            icon={Star}
            wordless
            small
            className={message.starred ? 'mark-star' : ''}
            aria-pressed={message.starred}
            label={message.starred ? words.reading.unstarIt : words.reading.starIt}
            onClick={() => void commands.run(message.starred ? 'unstar' : 'star', target)}
          />
        )}
        <MessageMenu message={message} {...(onFold === undefined ? {} : { onFold })} />
      </span>
      {details && <Details message={message} />}
    </header>
  );
}

function Recipients({ message, details, onToggle }: { message: Message; details: boolean; onToggle: () => void }) {
  const { words } = useLanguage();
  const me = useRead((store) => store.me());
  const everyone = [...message.to, ...message.cc, ...message.bcc];
  const shown = everyone.slice(0, 3).map((one) => {
    return one.email.toLowerCase() === me?.address.toLowerCase() ? words.reading.me : nameOf(one);
  });
  const more = everyone.length - shown.length;
  const text = more > 0 ? `${shown.join(', ')}, ${words.reading.others(more)}` : shown.join(', ');
  const Icon = details ? ChevronUp : ChevronDown;
  return (
    <button
      type="button"
      className="message-to"
      aria-expanded={details}
      title={details ? words.reading.hideDetails : words.reading.details}
      onClick={onToggle}
    >
      <span className="message-to-names">
        {text === '' ? words.list.noRecipient : words.list.to(text)}
      </span>
      <Icon aria-hidden="true" size={16} />
    </button>
  );
}

function Details({ message }: { readonly message: Message }) {
  const language = useLanguage();
  const { reading } = language.words;
  const lines: readonly (readonly [string, readonly Address[]])[] = [
    [reading.from, message.from],
    [reading.to, message.to],
    [reading.cc, message.cc],
    [reading.bcc, message.bcc],
    [reading.replyTo, message.replyTo],
  ];
  return (
    <dl className="message-details">
      {lines.map(([label, people]) =>
        people.length === 0 ? null : (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{people.map(fullAddress).join(', ')}</dd>
          </div>
        ),
      )}
      <div>
        <dt>{reading.date}</dt>
        <dd>{language.longDate(message.sentAt ?? message.receivedAt)}</dd>
      </div>
    </dl>
  );
}

function fullAddress(person: Address): string {
  return person.name === null || person.name === '' ? person.email : `${person.name} <${person.email}>`;
}

function MessageMenu({ message, onFold }: { readonly message: Message; readonly onFold?: () => void }) {
  const { actions, reading } = useLanguage().words;
  const words = useWords(paneWords);
  const commands = useCommands();
  const readOnly = useReadOnly();
  const page = usePage();
  const features = useFeatures();
  const to = { account: message.account, email: message.id };
  const target = { targets: { kind: 'messages', account: message.account, emails: [message.id] } } as const;
  const items: MenuItem[] = [
    { key: 'reply', label: actions.reply, icon: Reply, hint: 'R', act: () => void commands.run('reply', to) },
    { key: 'all', label: actions.replyAll, icon: ReplyAll, hint: 'A', act: () => void commands.run('reply-all', to) },
    { key: 'forward', label: actions.forward, icon: Forward, hint: 'F', act: () => void commands.run('forward', to) },
    { key: 'again', label: words.editAsNew, icon: CopyPlus, act: () => void commands.run('edit-as-new', to) },
  ];
  if (!readOnly) {
    items.push(
      { key: 'unread', label: actions.markUnread, icon: Mail, hint: 'U', act: () => void commands.run('mark-unread', target) },
      {
        key: 'delete', label: words.deleteOne, icon: Trash2, disabled: !commands.can('delete', target),
        act: () => void commands.run('delete', target),
      },
      { key: 'move', label: words.moveOne, icon: FolderInput, act: () => page.show(MoveSheet, target) },
      { key: 'junk', label: actions.junk, icon: ShieldAlert, act: () => void commands.run('junk', target) },
    );
  }
  if (message.sourceUrl !== null) {
    items.push({ key: 'source', label: words.showSource, icon: CodeXml, act: () => page.show(SourceDialog, { message }) });
  }
  items.push(...features.flatMap((feature) => feature.messageActs?.(page, message) ?? []));
  if (onFold !== undefined) items.push({ key: 'fold', label: reading.fold, icon: ChevronUp, act: onFold });
  return (
    <Menu
      label={actions.more}
      items={items}
      trigger={(props) => <Button icon={Ellipsis} label={actions.more} wordless small {...props} />}
    />
  );
}
