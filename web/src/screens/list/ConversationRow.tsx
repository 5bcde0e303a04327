import { Archive, Forward, Mail, MailOpen, Paperclip, Reply, Star, Trash2 } from 'lucide-react';
import { type CSSProperties, memo, type MouseEvent, useRef, useState } from 'react';

import type { OnTargets } from '../../commands/types.ts';
import { type Language, useLanguage } from '../../i18n/index.tsx';
import type { Row } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useStoreItself } from '../../ui/client.tsx';
import { type Feature, Slot, useFeatures } from '../../ui/features.tsx';
import { nameOf, shortNameOf } from '../../ui/people.ts';
import { dragRow } from '../folders/drag.ts';
import { useSwipe } from './swipe.ts';

interface Props {
  readonly row: Row;
  readonly index: number;
  readonly offset: number;
  readonly height: number;
  readonly cursor: boolean;
  readonly open: boolean;
  readonly selected: boolean;
  /** The folder holds what one wrote: show to whom. */
  readonly outbound: boolean;
  readonly readOnly: boolean;
  readonly onOpen: (row: Row, index: number, event: MouseEvent) => void;
  readonly onCheck: (row: Row, index: number, shift: boolean) => void;
}

/** Who takes part, in the width of a column. */
export function peopleOf(row: Row, outbound: boolean, { words }: Language): string {
  const people = outbound ? row.to : row.from;
  if (people.length === 0) return outbound ? words.list.noRecipient : words.list.noSender;
  const names = people.length === 1 ? people.map(nameOf) : [...new Set(people.map(shortNameOf))];
  const text = names.length > 4 ? `${names.slice(0, 2).join(', ')} … ${names.at(-1) ?? ''}` : names.join(', ');
  return outbound ? words.list.to(text) : text;
}

function partId(row: Row, part: string): string {
  return `row-${row.thread}-${part}`;
}

export const ConversationRow = memo(function ConversationRow(props: Props) {
  const { row, index, offset, height, cursor, open, selected, outbound, readOnly, onOpen, onCheck } = props;
  const language = useLanguage();
  const commands = useCommands();
  const store = useStoreItself();
  const { words } = language;
  const people = peopleOf(row, outbound, language);
  const targets: OnTargets = {
    targets: { kind: 'conversations', conversations: [{ account: row.account, thread: row.thread }] },
  };
  const line = useRef<HTMLDivElement>(null);
  // Its buttons are drawn where they can be met: that is most of what a row would cost.
  const [met, setMet] = useState(false);
  const features = useFeatures();
  const { touch, handlers } = useSwipe(line, {
    right: () => void commands.run('archive', targets),
    left: () => void commands.run('delete', targets),
    hold: () => onCheck(row, index, true),
  });
  const classes = ['row', row.unread && 'row-unread', open && 'row-open', selected && 'row-selected'];

  return (
    <div
      ref={line}
      role="row"
      id={`row-${row.thread}`}
      // Named by who, what and when: its check box and buttons would be read aloud with each row.
      aria-labelledby={['what', 'marks', 'when'].map((part) => partId(row, part)).join(' ')}
      aria-rowindex={index + 1}
      aria-selected={selected}
      aria-current={open ? 'true' : undefined}
      tabIndex={cursor ? 0 : -1}
      className={classes.filter(Boolean).join(' ')}
      style={{ height, transform: `translateY(${offset}px)`, '--marks': marksOf(row, features) } as CSSProperties}
      data-index={index}
      data-thread={row.thread}
      draggable={!touch}
      onDragStart={(event) => dragRow(event, store.view(), row, words.list.selected)}
      onClick={(event) => onOpen(row, index, event)}
      onPointerEnter={() => setMet(true)}
      {...handlers}
    >
      {touch && <SwipeWords />}
      <div className="row-inside">
        <span role="gridcell" className="row-check" onClick={(event) => event.stopPropagation()}>
          <input
            type="checkbox"
            checked={selected}
            tabIndex={-1}
            aria-label={words.list.select(people)}
            onClick={(event) => onCheck(row, index, event.shiftKey)}
            onChange={() => undefined}
          />
        </span>
        <MainCell row={row} people={people} /> <Marks row={row} />{' '}
        <span role="gridcell" id={partId(row, 'when')} className="row-date">
          <time dateTime={row.receivedAt} title={language.longDate(row.receivedAt)}>
            {language.shortDate(row.receivedAt)}
          </time>
        </span>
        {!readOnly && (met || cursor) && <RowActions row={row} targets={targets} />}
      </div>
    </div>
  );
});

function SwipeWords() {
  const { actions } = useLanguage().words;
  return (
    <>
      <span className="swipe-word swipe-word-right" aria-hidden="true">
        <Archive size={20} /> {actions.archive}
      </span>
      <span className="swipe-word swipe-word-left" aria-hidden="true">
        {actions.delete} <Trash2 size={20} />
      </span>
    </>
  );
}

/** Who, about what, and how it begins. */
function MainCell({ row, people }: { readonly row: Row; readonly people: string }) {
  const { words } = useLanguage();
  return (
    <span role="gridcell" id={partId(row, 'what')} className="row-main">
      {row.unread && <span className="hidden-words">{words.list.isUnread}. </span>}
      <span className="row-people" title={people}>
        {row.draft && <span className="row-draft">{words.list.isDraft} </span>}
        {people}{' '}
        {row.messages !== null && row.messages > 1 && (
          <span className="row-count" title={words.list.messages(row.messages)}>
            {row.messages}
          </span>
        )}
      </span>{' '}
      <span className="row-text">
        <span className="row-subject">{row.subject.trim() === '' ? words.list.noSubject : row.subject}</span>
        {row.preview.trim() !== '' && <span className="row-preview"> — {row.preview}</span>}
      </span>
    </span>
  );
}

/** How much room its marks take: its own, and those of features. */
function marksOf(row: Row, features: readonly Feature[]): number {
  const own = [row.answered, row.forwarded, row.attachment, row.starred].filter(Boolean).length;
  return features.reduce((sum, feature) => sum + (feature.marksOn?.(row) === true ? 1 : 0), own);
}

function Marks({ row }: { readonly row: Row }) {
  const { list } = useLanguage().words;
  return (
    <span role="gridcell" id={partId(row, 'marks')} className="row-marks">
      {row.answered && <Reply size={15} role="img" aria-label={list.isAnswered} />}
      {row.forwarded && <Forward size={15} role="img" aria-label={list.isForwarded} />}
      <Slot name="RowMarks" with={{ row }} />
      {row.attachment && <Paperclip size={15} role="img" aria-label={list.hasAttachment} />}
      {row.starred && <Star size={15} className="mark-star" role="img" aria-label={list.isStarred} />}
    </span>
  );
}

function RowActions({ row, targets }: { readonly row: Row; readonly targets: OnTargets }) {
  const { actions } = useLanguage().words;
  const commands = useCommands();
  const act = (name: 'archive' | 'delete' | 'star' | 'unstar' | 'mark-read' | 'mark-unread') => (event: MouseEvent) => {
    event.stopPropagation();
    void commands.run(name, targets);
  };
  const common = { wordless: true, small: true, tabIndex: -1 } as const;
  return (
    <span role="gridcell" className="row-actions">
      <Button {...common} icon={Archive} label={actions.archive} onClick={act('archive')} />
      <Button {...common} icon={Trash2} label={actions.delete} onClick={act('delete')} />
      <Button
        {...common}
        icon={row.unread ? MailOpen : Mail}
        label={row.unread ? actions.markRead : actions.markUnread}
        onClick={act(row.unread ? 'mark-read' : 'mark-unread')}
      />
      <Button
        {...common}
        icon={Star}
        className={row.starred ? 'mark-star' : ''}
        label={row.starred ? actions.unstar : actions.star}
        onClick={act(row.starred ? 'unstar' : 'star')}
      />
    </span>
  );
}
