import './labels.css';

import { Plus, Trash2 } from 'lucide-react';
import { type SyntheticEvent, useId, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands } from '../../ui/client.tsx';
import { knownLabels, type Label, ownLabels } from '../../ui/labels.ts';
import { COLORS, keywordFor, LABELS_AT_MOST, nextColor, sameName } from './labels.ts';
import { moreWords } from './more-words.ts';

/** All labels of one's own: their names, their colours; each change holds at once. */
export function LabelsPanel({ me }: { readonly me: Me }) {
  const { locale } = useLanguage();
  const words = useWords(moreWords);
  const commands = useCommands();
  const [typed, setTyped] = useState('');
  const [taken, setTaken] = useState(false);
  const field = useId();
  const own = ownLabels(me);
  const save = (labels: readonly Label[]): void => void commands.run('save-settings', { section: 'labels', value: { labels } });
  const change = (label: Label, by: Partial<Label>): void => save(own.map((one) => (one === label ? { ...one, ...by } : one)));
  const add = (event: SyntheticEvent): void => {
    event.preventDefault();
    const name = typed.trim();
    const known = knownLabels(me, locale);
    if (name === '' || own.length >= LABELS_AT_MOST) return;
    const twice = own.some((one) => sameName(one.name, name));
    setTaken(twice);
    if (twice) return;
    // One of Thunderbird's, by its name, is that one.
    const given = known.find((one) => sameName(one.name, name));
    const taken = new Set(known.map(({ keyword }) => keyword));
    save([...own, given ?? { keyword: keywordFor(name, taken), name, color: nextColor(own) }]);
    setTyped('');
  };
  return (
    <div className="settings">
      {own.length === 0 && <p>{words.none}</p>}
      <ul className="label-editor">
        {own.map((label) => (
          <LabelEditor key={label.keyword} label={label} onChange={(by) => change(label, by)} onDelete={() => save(own.filter((one) => one !== label))} />
        ))}
      </ul>
      <form className="label-new" onSubmit={add}>
        <input
          className="input"
          aria-label={words.new}
          placeholder={words.new}
          maxLength={60}
          value={typed}
          aria-invalid={taken}
          aria-describedby={taken ? `${field}-taken` : undefined}
          onChange={(event) => {
            setTyped(event.target.value);
            setTaken(false);
          }}
        />
        <Button type="submit" icon={Plus} label={words.new} wordless disabled={own.length >= LABELS_AT_MOST} />
      </form>
      {taken && (
        <p id={`${field}-taken`} className="field-error" role="alert">
          {words.taken}
        </p>
      )}
      {own.length >= LABELS_AT_MOST && <p className="soft">{words.full}</p>}
      <p className="soft">{words.why}</p>
      {own.length > 0 && <p className="soft">{words.deleted}</p>}
    </div>
  );
}

interface EditorProps {
  readonly label: Label;
  readonly onChange: (by: Partial<Label>) => void;
  readonly onDelete: () => void;
}

function LabelEditor({ label, onChange, onDelete }: EditorProps) {
  const words = useWords(moreWords);
  const [name, setName] = useState(label.name);
  const keep = (): void => {
    if (name.trim() === '') setName(label.name);
    else if (name.trim() !== label.name) onChange({ name: name.trim() });
  };
  return (
    <li>
      <span className="label-dot" data-color={label.color} aria-hidden="true" />
      <input className="input" aria-label={words.name} maxLength={60} value={name} onChange={(event) => setName(event.target.value)} onBlur={keep} />
      <select className="input" aria-label={words.color} value={label.color} onChange={(event) => onChange({ color: event.target.value })}>
        {COLORS.map((color) => (
          <option key={color} value={color}>
            {words.colors[color]}
          </option>
        ))}
      </select>
      <Button icon={Trash2} label={words.delete(label.name)} wordless onClick={onDelete} />
    </li>
  );
}
