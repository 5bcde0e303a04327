import { Archive, CheckCheck, Ellipsis, Mail, MailOpen, ShieldAlert, ShieldCheck, Star, StarOff, X } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import type { MailboxRole } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands } from '../../ui/client.tsx';
import { useFeatures, usePage } from '../../ui/features.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { DeleteButton } from '../DeleteButton.tsx';
import { MoveButton } from '../MoveButton.tsx';
import { useReadOnly } from '../rights.ts';

interface Props {
  readonly count: number;
  readonly role: MailboxRole | null;
}

/** What can be done with the conversations that are ticked. Stands where the folder's name was. */
export function SelectionBar({ count, role }: Props) {
  const { list } = useLanguage().words;
  const commands = useCommands();
  const readOnly = useReadOnly();
  return (
    <header className="list-head selection-bar">
      <Button icon={X} label={list.clear} wordless onClick={() => void commands.run('clear-selection', {})} />
      <h1 className="selection-count" aria-live="polite">
        {list.selected(count)}
      </h1>
      <span className="selection-acts" role="group" aria-label={list.selected(count)}>
        <Button icon={CheckCheck} label={list.selectAll} wordless className="select-all" onClick={() => void commands.run('select-all', {})} />
        {!readOnly && <Acts count={count} role={role} />}
      </span>
    </header>
  );
}

function Acts({ count, role }: Props) {
  const { actions, list } = useLanguage().words;
  const commands = useCommands();
  const page = usePage();
  const more = useFeatures().flatMap((feature) => feature.conversationActs?.(page, null) ?? []);
  const junk = role === 'junk' ? 'not-junk' : 'junk';
  return (
    <>
      <Button icon={Archive} label={actions.archive} act="archive" wordless onClick={() => void commands.run('archive', {})} />
      <DeleteButton role={role} count={count} wordless />
      <MoveButton wordless />
      <Menu
        label={actions.more}
        trigger={(props) => <Button icon={Ellipsis} label={actions.more} wordless {...props} />}
        items={[
          { key: 'read', label: actions.markRead, icon: MailOpen, act: () => void commands.run('mark-read', {}) },
          { key: 'unread', label: actions.markUnread, icon: Mail, hint: 'U', act: () => void commands.run('mark-unread', {}) },
          { key: 'star', label: actions.star, icon: Star, hint: 'S', act: () => void commands.run('star', {}) },
          { key: 'unstar', label: actions.unstar, icon: StarOff, act: () => void commands.run('unstar', {}) },
          {
            key: 'junk',
            label: role === 'junk' ? actions.notJunk : actions.junk,
            icon: role === 'junk' ? ShieldCheck : ShieldAlert,
            act: () => void commands.run(junk, {}),
          },
          ...more,
          { key: 'all', label: list.selectAll, icon: CheckCheck, act: () => void commands.run('select-all', {}) },
        ]}
      />
    </>
  );
}
