import './labels.css';

import { Check, Plus } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { useCommands, useRead, useStoreItself } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { knownLabels, type Label, ownLabels } from '../../ui/labels.ts';
import { keywordFor, LABELS_AT_MOST, nextColor, sameName, targetKeywords } from './labels.ts';
import { moreWords } from './more-words.ts';
import { words } from './words.ts';

/** Put labels on what is selected or open, or take them off; a name that isn't known yet becomes a new one. */
export function Picker({ onClose }: { readonly onClose: () => void }) {
  const { locale } = useLanguage();
  const text = useWords(words);
  const more = useWords(moreWords);
  const commands = useCommands();
  const store = useStoreItself();
  const me = useRead((read) => read.me());
  const [typed, setTyped] = useState('');
  // Redrawn whenever mail changes: a press shows at once.
  useRead((read) => read.pending());
  const borne = targetKeywords(store);
  const all = knownLabels(me, locale);
  const shown = all.filter(({ name }) => typed.trim() === '' || sameName(name.slice(0, typed.trim().length), typed) || name.toLowerCase().includes(typed.trim().toLowerCase()));
  const known = all.some(({ name }) => sameName(name, typed));
  const onAll = (label: Label): boolean => borne.length > 0 && borne.every((keywords) => keywords.includes(label.keyword));
  const toggle = (label: Label): void => {
    const on = !onAll(label);
    void commands.run('set-keyword', { keyword: label.keyword, on, text: on ? more.added(label.name) : more.removed(label.name) });
  };
  const create = (): void => {
    const own = ownLabels(me);
    if (own.length >= LABELS_AT_MOST) return;
    const label = { keyword: keywordFor(typed, new Set(all.map(({ keyword }) => keyword))), name: typed.trim(), color: nextColor(own) };
    void commands.run('save-settings', { section: 'labels', value: { labels: [...own, label] } });
    void commands.run('set-keyword', { keyword: label.keyword, on: true, text: more.added(label.name) });
    setTyped('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    const first = shown[0];
    if (typed.trim() !== '' && !known && first === undefined) create();
    else if (first !== undefined) toggle(first);
  };
  return (
    <Dialog title={text.act} onClose={onClose}>
      <input
        className="input"
        type="search"
        aria-label={more.find}
        placeholder={more.find}
        maxLength={60}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <ul className="move-list">
        {shown.map((label) => (
          <li key={label.keyword}>
            <button type="button" role="checkbox" aria-checked={onAll(label)} className="menu-line" onClick={() => toggle(label)}>
              <span className="menu-icon">
                <span className="label-dot" data-color={label.color} />
              </span>
              <span className="menu-word">{label.name}</span>
              {onAll(label) && <Check aria-hidden="true" size={18} />}
            </button>
          </li>
        ))}
        {typed.trim() !== '' && !known && (
          <li>
            <button type="button" className="menu-line" onClick={create}>
              <span className="menu-icon">
                <Plus aria-hidden="true" size={18} />
              </span>
              <span className="menu-word">{more.create(typed.trim())}</span>
            </button>
          </li>
        )}
      </ul>
      {ownLabels(me).length >= LABELS_AT_MOST && <p className="soft">{more.full}</p>}
    </Dialog>
  );
}
