import { Plus } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands, useRead } from '../../ui/client.tsx';
import { sheet, usePage } from '../../ui/features.tsx';
import { knownLabels, type Label, ownLabels } from '../../ui/labels.ts';
import { useUnread } from './counts.ts';
import { moreWords } from './more-words.ts';
import { useSeen } from './seen.ts';
import { words } from './words.ts';

const Editor = sheet<object>(() => import('./EditorSheet.tsx').then((module) => module.EditorSheet));

/** One's labels below one's folders, with how many conversations of each are unread. */
export function LabelPane({ me, onChosen }: { readonly me: Me; readonly onChosen: () => void }) {
  const { locale } = useLanguage();
  const text = useWords(words);
  const more = useWords(moreWords);
  const page = usePage();
  const seen = useSeen();
  const own = ownLabels(me);
  const labels = knownLabels(me, locale).filter((label) => own.includes(label) || seen.has(label.keyword));
  const unread = useUnread(me.account, labels);
  return (
    <section aria-labelledby="labels-heading">
      <h2 id="labels-heading" className="folder-heading label-heading">
        {text.title}
        <Button icon={Plus} label={more.manage} wordless small onClick={() => page.show(Editor, {})} />
      </h2>
      <ul className="folder-list">
        {labels.map((label) => (
          <LabelLine key={label.keyword} label={label} unread={unread.get(label.keyword) ?? 0} me={me} onChosen={onChosen} />
        ))}
      </ul>
    </section>
  );
}

interface LineProps {
  readonly label: Label;
  readonly unread: number;
  readonly me: Me;
  readonly onChosen: () => void;
}

function LabelLine({ label, unread, me, onChosen }: LineProps) {
  const { keyword, name, color } = label;
  const commands = useCommands();
  const more = useWords(moreWords);
  const current = useRead((store) => store.view().list?.keyword === keyword);
  return (
    <li className="folder">
      <button
        type="button"
        className="folder-button"
        aria-current={current ? 'page' : undefined}
        title={name}
        onClick={() => {
          onChosen();
          void commands.run('open-keyword', { account: me.account, keyword });
        }}
      >
        <span className="label-dot" data-color={color} aria-hidden="true" />
        <span className="folder-name">{name}</span>
        {unread > 0 && (
          <span className="folder-count">
            <span aria-hidden="true">{unread}</span>
            <span className="hidden-words">{more.unread(unread)}</span>
          </span>
        )}
      </button>
    </li>
  );
}
