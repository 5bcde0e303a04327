import './search.css';

import { type ReactNode, type SyntheticEvent, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { labelsIn } from '../../store/search/known-names.ts';
import { type Operator, writeTerm } from '../../store/search/search-terms.ts';
import { Button } from '../../ui/Button.tsx';
import { useRead } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { usePage } from '../../ui/features.tsx';
import { folderName } from '../../ui/folders.ts';
import { searchWords } from './more-words.ts';
import { rememberSearch } from './saved.ts';
import { actWords } from './words.ts';

const FIELDS = ['from', 'to', 'subject'] as const;
const EMPTY: Readonly<Record<string, string>> = {};

/** The text of a search from the fields of the form. */
export function writeForm(fields: Readonly<Record<string, string>>, locale: 'fr' | 'en'): string {
  const term = (operator: Operator, value: string | undefined) => (value === undefined || value.trim() === '' ? '' : writeTerm(operator, value, locale));
  const without = (fields['without'] ?? '').split(/\s+/u).filter((word) => word !== '');
  const size = fields['larger'] ?? '';
  return [
    (fields['words'] ?? '').trim(),
    ...without.map((word) => `-${word}`),
    ...FIELDS.map((name) => term(name, fields[name])),
    term('attachment', fields['fileName'] ?? ''),
    fields['file'] ?? '',
    term('in', fields['in']),
    term('label', fields['label']),
    term('after', fields['after']),
    term('before', fields['before']),
    size === '' ? '' : term('larger', `${size}Mo`),
  ].filter((part) => part !== '').join(' ');
}

/** A search in fields. What it writes is a search like any other, with its chips. */
export function SearchForm({ onClose }: { readonly onClose: () => void }) {
  const { words, locale } = useLanguage();
  const text = useWords(searchWords);
  const page = usePage();
  const folders = useRead((store) => store.mailboxes(store.view().list?.account ?? page.me.account));
  const [fields, setFields] = useState(EMPTY);
  const set = (name: string, value: string): void => setFields({ ...fields, [name]: value });
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const asked = writeForm(fields, locale);
    onClose();
    if (asked === '') return;
    void rememberSearch(page.store, asked);
    void page.commands.run('search', { text: asked, everywhere: true });
  };
  const input = (name: string, label: string, type = 'text'): ReactNode => (
    <label className="field">
      <span>{label}</span>
      <input className="input" type={type} autoComplete="off" min={type === 'number' ? 0 : undefined} value={fields[name] ?? ''} onChange={(event) => set(name, event.target.value)} />
    </label>
  );
  const select = (name: string, label: string, options: readonly (readonly [string, string])[]): ReactNode => (
    <label className="field">
      <span>{label}</span>
      <select className="input" value={fields[name] ?? ''} onChange={(event) => set(name, event.target.value)}>
        <option value="">{text.none}</option>
        {options.map(([value, shown]) => (
          <option key={value} value={value}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
  const labels = labelsIn(page.me.settings).map(({ name }) => [name, name] as const);
  return (
    <Dialog title={actWords[locale].form} onClose={onClose} wide>
      <form className="search-form" onSubmit={submit}>
        {input('words', text.words)}
        {input('without', text.without)}
        {FIELDS.map((name) => (
          <div key={name}>{input(name, text.operators[name])}</div>
        ))}
        {input('fileName', text.fileName)}
        {input('after', text.operators.after, 'date')}
        {input('before', text.operators.before, 'date')}
        {select('in', text.operators.in, folders.map((folder) => [folderName(folder, words), folderName(folder, words)] as const))}
        {labels.length > 0 && select('label', text.operators.label, labels)}
        {select('file', text.operators.attachment, [['pj:oui', text.withFile], ['pj:non', text.withoutFile]])}
        {input('larger', text.size, 'number')}
        <div className="search-form-foot">
          <button type="submit" className="button button-primary">
            <span className="button-word">{text.go}</span>
          </button>
          <Button label={words.actions.close} onClick={onClose} />
        </div>
      </form>
    </Dialog>
  );
}
