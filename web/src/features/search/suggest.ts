import { labelsIn } from '../../store/search/known-names.ts';
import { fold, type Operator, operatorOf, OPERATORS, writeTerm, writeValue } from '../../store/search/search-terms.ts';
import type { Page } from '../../ui/features.tsx';
import { DIRECTORY } from '../../ui/SilentDirectory.tsx';
import { folderName } from '../../ui/folders.ts';
import { searchWords } from './more-words.ts';
import { recentSearches, rememberSearch, savedSearches } from './saved.ts';

export { rememberSearch as remember };

export interface Suggested {
  readonly options: readonly Suggestion[];
  /** Why there may be fewer than there are. */
  readonly note: string | null;
}

export interface Suggestion {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  /** What the field holds when it is chosen. */
  readonly text: string;
  /** Whether it is a whole search, to be run at once. */
  readonly run: boolean;
}

const AT_MOST = 7;
const BEING_TYPED = /(?:^|\s)(?<not>-?)(?<name>\p{L}+(?:-\p{L}+)?)\s?:\s?(?<value>"[^"]*|[^\s"]*)$/u;
const LAST_WORD = /(?<word>[\p{L}-]+)$/u;

/** What fits the operator, or the word, that one is typing. */
export async function suggest(typed: string, page: Page): Promise<Suggested> {
  if (typed.trim() === '') return { options: await beginnings(page), note: null };
  const match = BEING_TYPED.exec(typed);
  const { name, value = '', not = '' } = match?.groups ?? {};
  const operator = name === undefined ? undefined : operatorOf(name);
  if (match === null || operator === undefined) return await words(typed, page);
  const start = typed.slice(0, match.index + (/^\s/u.test(match[0]) ? 1 : 0));
  const { values, silent } = await valuesOf(operator, value.replace(/^"/u, ''), page);
  const options = values.slice(0, AT_MOST).map(({ label, detail, written }) => ({
    key: written, label, detail, text: `${start}${not}${name ?? ''}:${writeValue(written)} `, run: true,
  }));
  return { options, note: noteOf(silent, page) };
}

interface Option {
  readonly label: string;
  readonly detail: string;
  readonly written: string;
}

function noteOf(silent: boolean, { language }: Page): string | null {
  return silent ? DIRECTORY[language.locale].known : null;
}

/** People are asked of the directory; all else is known here. */
async function valuesOf(operator: Operator, typed: string, page: Page): Promise<{ readonly values: readonly Option[]; readonly silent: boolean }> {
  if (operator !== 'from' && operator !== 'to' && operator !== 'cc') return { values: knownValues(operator, typed, page), silent: false };
  const { found, silent } = await page.commands.people(typed);
  return { values: found.map(({ name, email }) => ({ label: name, detail: email, written: email })), silent };
}

function knownValues(operator: Exclude<Operator, 'from' | 'to' | 'cc'>, typed: string, page: Page): readonly Option[] {
  const text = searchWords[page.language.locale];
  const plain = (values: readonly string[]) => values.map((value) => ({ label: value, detail: text.operators[operator], written: value }));
  const fits = ({ label }: Option) => fold(label).includes(fold(typed));
  switch (operator) {
    case 'in':
      return plain(folderNames(page)).filter(fits);
    case 'label':
      return plain(labelsIn(page.me.settings).map(({ name }) => name)).filter(fits);
    case 'is':
      return plain(text.states).filter(fits);
    case 'before':
    case 'after':
      return plain(text.moments).filter(fits);
    case 'attachment':
      return plain([text.anyFile]).filter(fits);
    case 'subject':
    case 'body':
    case 'larger':
    case 'smaller':
      return [];
  }
}

function folderNames({ store, language }: Page): readonly string[] {
  const account = store.view().list?.account;
  return account === undefined ? [] : store.mailboxes(account).map((folder) => folderName(folder, language.words));
}

/** In an empty field: what one looked for lately, what one has kept. */
async function beginnings({ me, language, store }: Page): Promise<readonly Suggestion[]> {
  const text = searchWords[language.locale];
  const saved = savedSearches(me).map(({ name, text: kept }) => ({ key: `s ${name}`, label: name, detail: text.saved, text: kept, run: true }));
  const recent = (await recentSearches(store)).map((kept) => ({ key: `r ${kept}`, label: kept, detail: text.recent, text: kept, run: true }));
  return [...saved.slice(0, 4), ...recent].slice(0, AT_MOST);
}

/** While a word is typed: people, operators that begin so, recent searches with it. */
async function words(typed: string, page: Page): Promise<Suggested> {
  const { locale } = page.language;
  const text = searchWords[locale];
  const { found, silent } = await page.commands.people(typed.trim());
  const people = found.slice(0, 4).map(({ name, email }) => ({
    key: email, label: text.said(text.people, name), detail: email, text: writeTerm('from', email, locale), run: true,
  }));
  const word = LAST_WORD.exec(typed)?.groups?.['word'] ?? '';
  const before = typed.slice(0, typed.length - word.length);
  const begun = (Object.keys(OPERATORS) as Operator[]).flatMap((operator) => {
    const name = OPERATORS[operator][locale === 'fr' ? 0 : 1] ?? '';
    return word.length >= 2 && fold(name).startsWith(fold(word)) ? [{ key: `o ${name}`, label: `${name}:`, detail: text.operators[operator], text: `${before}${name}:`, run: false }] : [];
  });
  const recent = (await recentSearches(page.store))
    .filter((kept) => fold(kept).includes(fold(typed.trim())) && kept !== typed.trim())
    .slice(0, 2)
    .map((kept) => ({ key: `r ${kept}`, label: kept, detail: text.recent, text: kept, run: true }));
  return { options: [...begun, ...people, ...recent].slice(0, AT_MOST), note: noteOf(silent, page) };
}
