import { Tag, X } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { ConversationView, Row } from '../../store/types.ts';
import { useCommands, useRead } from '../../ui/client.tsx';
import { sheet, usePage } from '../../ui/features.tsx';
import { knownLabels, type Label } from '../../ui/labels.ts';
import { moreWords } from './more-words.ts';
import { noteSeen } from './seen.ts';

const Picker = sheet<object>(() => import('./Picker.tsx').then((module) => module.Picker));

/** More than this on a row would hide its words. */
const ON_A_ROW = 2;

function useLabelsAmong(keywords: readonly string[]): readonly Label[] {
  const { locale } = useLanguage();
  const me = useRead((store) => store.me());
  const borne = keywords.some((keyword) => !PLAIN.has(keyword));
  return borne ? knownLabels(me, locale).filter(({ keyword }) => keywords.includes(keyword)) : NONE;
}

/** What nearly every message bears: no need to look further. */
const PLAIN = new Set(['$seen', '$answered', '$forwarded', '$flagged', '$draft', '$hasattachment', '$notjunk', '$junk', '$pinned']);
const NONE: readonly Label[] = [];

/** The labels of a row, before its other marks. */
export function RowLabels({ row }: { readonly row: Row }) {
  const found = useLabelsAmong(row.keywords);
  noteSeen(found);
  const shown = found.slice(0, ON_A_ROW);
  return (
    <>
      {shown.map(({ keyword, name, color }) => (
        <span key={keyword} className="label-chip" data-color={color}>
          {name}
        </span>
      ))}
      {found.length > shown.length && (
        <span className="label-chip" data-color="grey" title={found.slice(ON_A_ROW).map(({ name }) => name).join(', ')}>
          +{found.length - shown.length}
        </span>
      )}
    </>
  );
}

/** The labels of the open conversation: each leads to its list, a cross takes it off. */
export function ConversationLabels({ view }: { readonly view: ConversationView }) {
  const found = useLabelsAmong(view.messages.flatMap(({ keywords }) => keywords));
  const commands = useCommands();
  const page = usePage();
  const words = useWords(moreWords);
  if (found.length === 0) return null;
  const targets = { kind: 'conversations', conversations: [{ account: view.account, thread: view.thread }] } as const;
  return (
    <p className="label-line">
      {found.map(({ keyword, name, color }) => (
        <span key={keyword} className="label-chip label-chip-large" data-color={color}>
          <button type="button" onClick={() => void commands.run('open-keyword', { account: view.account, keyword })}>
            {name}
          </button>
          <button
            type="button"
            aria-label={words.remove(name)}
            title={words.remove(name)}
            onClick={() => void commands.run('set-keyword', { keyword, on: false, text: words.removed(name), targets })}
          >
            <X aria-hidden="true" size={14} />
          </button>
        </span>
      ))}
      <button type="button" className="label-add" aria-label={words.add} title={`${words.add} (L)`} onClick={() => page.show(Picker, {})}>
        <Tag aria-hidden="true" size={15} />
      </button>
    </p>
  );
}
