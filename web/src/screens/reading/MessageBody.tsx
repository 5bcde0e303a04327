import { lazy, type ReactNode, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { drawnAtOnce } from '../../render/parts.ts';
import { TextBody } from '../../render/TextBody.tsx';
import type { BodyPart, Message } from '../../store/types.ts';
import { Apart, Unloaded } from '../../ui/Apart.tsx';
import { useCommands } from '../../ui/client.tsx';
import { nameOf } from '../../ui/people.ts';
import { Banner } from './Banner.tsx';

const HtmlBody = lazy(() => import('../../render/HtmlBody.tsx').then((module) => ({ default: module.HtmlBody })));

interface Props {
  readonly message: Message;
  /** Where its text didn't come: what is said instead. Undefined: it is on its way. */
  readonly missing?: ReactNode;
}

/** The text of a message, part after part. */
export function MessageBody({ message, missing = <BodySkeleton /> }: Props) {
  const { words } = useLanguage();
  const commands = useCommands();
  const [asked, setAsked] = useState(0);
  const body = message.body;
  if (body === null) return missing;
  const blank = body.parts.every((part) => part.kind !== 'picture' && part.value.trim() === '');
  const cut = body.parts.some((part) => part.kind !== 'picture' && part.truncated);
  const drawn = drawnAtOnce(body.parts, asked);
  return (
    <div className="message-body">
      {/* Above the text: below a tall one it would be far, and move while the frame takes its height. */}
      {cut && (
        <Banner
          text={words.reading.cut}
          act={words.reading.showWhole}
          onAct={() => void commands.run('show-whole-message', { account: message.account, email: message.id })}
        />
      )}
      {body.garbled && <Banner text={words.reading.garbled} />}
      {blank && <p className="soft">{words.reading.emptyBody}</p>}
      {body.parts.slice(0, drawn).map((part, at) => (
        <Part key={at} part={part} message={message} />
      ))}
      {drawn < body.parts.length && (
        <button type="button" className="history-button" onClick={() => setAsked(asked + 1)}>
          {words.reading.showMore}
        </button>
      )}
      {cut && <p className="soft">{words.reading.cutHere}</p>}
    </div>
  );
}

function Part({ part, message }: { readonly part: BodyPart; readonly message: Message }) {
  const { words } = useLanguage();
  switch (part.kind) {
    case 'html': {
      const from = message.from.map(nameOf).join(', ') || words.list.noSender;
      return (
        <Apart waiting={<BodySkeleton />} instead={<Unloaded />}>
          <HtmlBody
            html={part.value}
            pictures={message.body?.parts ?? []}
            files={message.body?.attachments ?? []}
            from={from}
            email={message.id}
            sender={message.from.length === 1 ? (message.from[0]?.email ?? null) : null}
          />
        </Apart>
      );
    }
    case 'text':
      return <TextBody text={part.value} words={words.reading} />;
    case 'picture':
      return <img className="body-picture" src={part.attachment.url} alt={part.attachment.name} loading="lazy" />;
  }
}

/** The shape of a text that is on its way. */
export function BodySkeleton() {
  return (
    <div className="skeleton-message" aria-hidden="true">
      <span className="skeleton" style={{ width: '92%' }} />
      <span className="skeleton" style={{ width: '84%' }} />
      <span className="skeleton" style={{ width: '58%' }} />
    </div>
  );
}
