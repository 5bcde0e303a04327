import { ChevronDown, ChevronUp, Pencil, Plus, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { Batch } from '../../wire/batch.ts';
import { Addresses } from './Addresses.tsx';
import { Refusal } from './Refusal.tsx';
import { Review } from './Review.tsx';
import { RuleForm } from './RuleForm.tsx';
import { type Filters, type Item, newRule, type Rule } from './rules.ts';
import { useFolderName } from './folder-name.ts';
import { labelsOf, summaryOf } from './summary.ts';
import { useFilters } from './use-filters.ts';
import { type FilterWords, WORDS } from './words.ts';
import './filters.css';

/** A part of the settings: every rule in its order, what others wrote, and whether all this is of use. */
export function FiltersPanel({ me }: { readonly me: Me }) {
  const words = useWords(WORDS);
  const { filters, problem, busy, service, load, save, allow } = useFilters();
  const [edited, setEdited] = useState<Rule | null>(null);
  const [removed, setRemoved] = useState<readonly Item[] | null>(null);
  if (filters === null) {
    return problem === null ? <p className="soft">{words.loading}</p> : <Trouble what={words.unread} problem={problem} onRetry={load} />;
  }
  const { items } = filters;
  const keep = (changed: readonly Item[]): void => {
    setRemoved(null);
    void save({ items: changed });
  };
  const saveRule = async (rule: Rule): Promise<void> => {
    const known = items.some((item) => item.kind === 'rule' && item.id === rule.id);
    const changed = known ? items.map((item) => (item.kind === 'rule' && item.id === rule.id ? rule : item)) : [...items, rule];
    if (await save({ items: changed })) setEdited(null);
  };
  const remove = async (item: Item): Promise<void> => {
    if (await save({ items: items.filter((other) => other !== item) })) setRemoved(items);
  };
  if (edited !== null) {
    const refusal = problem === null ? null : <Refusal problem={problem} />;
    return <RuleForm me={me} rule={edited} redirects={filters.redirects} busy={busy} refusal={refusal} onSave={(rule) => void saveRule(rule)} onCancel={() => setEdited(null)} />;
  }
  const rules = items.filter((item): item is Rule => item.kind === 'rule');
  const isOff = (rule: Rule, on: boolean): readonly Item[] => items.map((item) => (item === rule ? { ...rule, on } : item));
  return (
    <div className="rules">
      <p className="soft">{words.intro}</p>
      <Warnings me={me} filters={filters} onActivate={() => keep(items)} />
      {problem !== null && <Refusal problem={problem} />}
      <ol className="rules-list">
        {items.map((item, at) => (
          <li key={item.kind === 'rule' ? item.id : `${item.kind}-${at.toString()}`} className="rule">
            {item.kind === 'rule' ? (
              <RuleLine me={me} rule={item} busy={busy} onSwitch={(on) => keep(isOff(item, on))} onEdit={() => setEdited(item)} />
            ) : (
              <Foreign item={item} filters={filters} />
            )}
            <div className="rule-moves">
              <Button icon={ChevronUp} wordless small label={words.up} aria-label={`${words.up}${words.summary.to}${nameOf(item, words)}`} disabled={busy || at === 0} onClick={() => keep(moved(items, at, at - 1))} />
              <Button icon={ChevronDown} wordless small label={words.down} aria-label={`${words.down}${words.summary.to}${nameOf(item, words)}`} disabled={busy || at === items.length - 1} onClick={() => keep(moved(items, at, at + 1))} />
              <Button icon={Trash2} wordless small label={words.remove} aria-label={`${words.remove}${words.summary.to}${nameOf(item, words)}`} disabled={busy} onClick={() => void remove(item)} />
            </div>
          </li>
        ))}
      </ol>
      {items.length === 0 && <p>{words.none}</p>}
      <div role="status">
        {removed !== null && (
          <p>
            {words.removed} <Button small look="outline" label={words.undo} onClick={() => keep(removed)} />
          </p>
        )}
      </div>
      <div>
        <Button icon={Plus} look="primary" label={words.add} onClick={() => setEdited(newRule(freshId(), [{ field: 'from', how: 'words', value: '', negated: false }]))} />
      </div>
      <Review me={me} rules={rules} onSwitchOff={(rule) => keep(isOff(rule, false))} />
      {filters.redirects.scope === 'verified' && <Addresses redirects={filters.redirects} service={service} onChange={allow} />}
      {filters.script !== '' && (
        <details className="rules-section">
          <summary>{words.script}</summary>
          <pre className="sieve">{filters.script}</pre>
        </details>
      )}
    </div>
  );
}

export function freshId(): string {
  return crypto.randomUUID().replaceAll('-', '').slice(0, 12);
}

function moved(items: readonly Item[], from: number, to: number): readonly Item[] {
  const item = items[from];
  const rest = items.filter((_, at) => at !== from);
  return item === undefined ? items : [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** What a line of the list is called. */
function nameOf(item: Item, words: FilterWords): string {
  if (item.kind !== 'rule') return words.foreign;
  return item.name === '' ? words.unnamed : item.name;
}

interface LineProps {
  readonly me: Me;
  readonly rule: Rule;
  readonly busy: boolean;
  readonly onSwitch: (on: boolean) => void;
  readonly onEdit: () => void;
}

function RuleLine({ me, rule, busy, onSwitch, onEdit }: LineProps) {
  const words = useWords(WORDS);
  const name = nameOf(rule, words);
  const folder = useFolderName(me, rule);
  return (
    <div className={rule.on ? 'rule-told' : 'rule-told rule-off'}>
      <input type="checkbox" aria-label={`${words.on}${words.summary.to}${name}`} checked={rule.on} disabled={busy} onChange={(event) => onSwitch(event.target.checked)} />
      <div className="rule-text-told">
        <p className="label">{name}</p>
        <p className="soft">{summaryOf(rule, words, labelsOf(me), folder)}</p>
      </div>
      <Button icon={Pencil} wordless small label={`${words.edit}${words.summary.to}${name}`} onClick={onEdit} />
    </div>
  );
}

/** What another program wrote: shown, kept, not changed here. */
function Foreign({ item, filters }: { readonly item: Exclude<Item, Rule>; readonly filters: Filters }) {
  const words = useWords(WORDS);
  const script = item.kind === 'script' ? filters.others.find(({ name }) => name === item.name) : undefined;
  const text = item.kind === 'foreign' ? item.text : (script?.text ?? '');
  return (
    <details className="rule-told foreign">
      <summary>
        <span className="label">{item.kind === 'script' ? `${words.foreign} (${script?.title ?? item.name})` : words.foreign}</span>
      </summary>
      <p className="soft">{words.foreignWhy}</p>
      <pre className="sieve">{text}</pre>
    </details>
  );
}

/** What doesn't work as one believes. */
function Warnings({ me, filters, onActivate }: { readonly me: Me; readonly filters: Filters; readonly onActivate: () => void }) {
  const words = useWords(WORDS);
  const { services } = useClient();
  const [failed, setFailed] = useState(0);
  useEffect(() => {
    const batch = new Batch();
    const query = batch.add('Email/query', { accountId: me.account, filter: { hasKeyword: '$sievefailed' }, sort: [], collapseThreads: false, limit: 1, calculateTotal: true });
    services.jmap.send(batch, { background: true }).then(
      (answers) => setFailed(answers.of(query).total ?? 0),
      () => undefined,
    );
  }, [me.account, services]);
  const running = filters.others.find(({ active }) => active);
  const inactive = !filters.active && filters.items.length > 0;
  return (
    <>
      {running !== undefined && <p className="banner banner-warning">{words.running(running.title)}</p>}
      {running === undefined && inactive && <p className="banner banner-warning">{words.inactive}</p>}
      {(running !== undefined || inactive) && <Button look="outline" label={words.activate} onClick={onActivate} />}
      {failed > 0 && <p className="banner">{words.failed(failed)}</p>}
    </>
  );
}
