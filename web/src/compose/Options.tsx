import { ArrowDown, ArrowUp, Check, EllipsisVertical, MailCheck, X } from 'lucide-react';
import { useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { useWords } from '../i18n/words.ts';
import type { Draft, DraftContent, Priority } from '../store/types.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import { WORDS } from './words.ts';

interface Props {
  readonly draft: Draft;
  readonly onEdit: (change: Partial<DraftContent>) => void;
  /** Rich text or plain. */
  readonly onPlain: (plain: boolean) => void;
}

const PRIORITIES: readonly Priority[] = ['high', 'normal', 'low'];

/** Whether more than words would be lost as plain text. */
function hasForm(html: string): boolean {
  return /<(?!\/|p\b|br\b)/i.test(html);
}

/** What holds now bears a mark for the eye too. */
function marked(items: readonly MenuItem[]): readonly MenuItem[] {
  return items.map((item) => (item.checked === true ? { ...item, icon: Check } : item));
}

export function Options({ draft, onEdit, onPlain }: Props) {
  const words = useWords(WORDS);
  const { compose } = useLanguage().words;
  const [asking, setAsking] = useState(false);
  const { content } = draft;
  const toggle = (): void => {
    if (content.text === null && hasForm(content.html)) setAsking(true);
    else onPlain(content.text === null);
  };
  return (
    <>
      <Menu
        label={words.options}
        trigger={(given) => <Button icon={EllipsisVertical} label={words.options} wordless {...given} />}
        items={marked([
          ...PRIORITIES.map((priority) => ({
            key: priority,
            label: words[priority],
            checked: content.priority === priority,
            act: () => onEdit({ priority }),
          })),
          { key: 'receipt', label: words.receipt, checked: content.receipt, act: () => onEdit({ receipt: !content.receipt }) },
          { key: 'plain', label: words.plain, checked: content.text !== null, act: toggle },
        ])}
      />
      {asking && (
        <Dialog
          title={words.plainTitle}
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button
                label={words.plainYes}
                look="outline"
                onClick={() => {
                  setAsking(false);
                  onPlain(true);
                }}
              />
              <Button label={compose.goBack} look="primary" data-first onClick={() => setAsking(false)} />
            </>
          }
        >
          <p>{words.plainAsk}</p>
        </Dialog>
      )}
    </>
  );
}

/** What was chosen beyond the ordinary, where one sees it, with the way back. */
export function ChosenOptions({ draft, onEdit }: Pick<Props, 'draft' | 'onEdit'>) {
  const words = useWords(WORDS);
  const { priority, receipt } = draft.content;
  if (priority === 'normal' && !receipt) return null;
  const Mark = priority === 'high' ? ArrowUp : ArrowDown;
  return (
    <p className="chosen-options">
      {priority !== 'normal' && (
        <span className={priority === 'high' ? 'chosen-option chosen-high' : 'chosen-option'}>
          <Mark aria-hidden="true" size={16} strokeWidth={2} />
          {words[priority]}
          <Button icon={X} label={words.normal} wordless small onClick={() => onEdit({ priority: 'normal' })} />
        </span>
      )}
      {receipt && (
        <span className="chosen-option">
          <MailCheck aria-hidden="true" size={16} strokeWidth={1.75} />
          {words.asked}
          <Button icon={X} label={words.undo} wordless small onClick={() => onEdit({ receipt: false })} />
        </span>
      )}
    </p>
  );
}
