import { Plus, X } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';

import type { Me } from '../../store/types.ts';
import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { ActionFields } from './ActionFields.tsx';
import { type Condition, type Field, HOWS, isComplete, type Redirects, type Rule } from './rules.ts';
import { TryRule } from './TryRule.tsx';
import { WORDS } from './words.ts';
import './filters.css';

interface Props {
  readonly me: Me;
  readonly rule: Rule;
  readonly redirects: Redirects;
  readonly busy: boolean;
  /** Why the last try to save failed. */
  readonly refusal: ReactNode;
  readonly onSave: (rule: Rule) => void;
  readonly onCancel: () => void;
}

const NEW: Condition = { field: 'from', how: 'words', value: '', negated: false };

/** One rule: what it looks at, what it does, what it would have done to existing mail. */
export function RuleForm({ me, rule: before, redirects, busy, refusal, onSave, onCancel }: Props) {
  const words = useWords(WORDS);
  const [rule, setRule] = useState(before);
  const name = useId();
  const change = (changed: Partial<Rule>): void => setRule((now) => ({ ...now, ...changed }));
  const setConditions = (conditions: readonly Condition[]): void => change({ conditions });
  const chooseMatch = (match: Rule['match']): void => {
    change({ match, conditions: match === 'every' ? [] : rule.conditions.length === 0 ? [NEW] : rule.conditions });
  };
  return (
    <form
      className="rule-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isComplete(rule)) onSave(rule);
      }}
    >
      <p className="soft">{words.needed}</p>
      <label className="rule-field" htmlFor={name}>
        <span className="label">{words.name}</span>
        <input id={name} className="input" maxLength={100} value={rule.name} placeholder={words.namePlaceholder} onChange={(event) => change({ name: event.target.value })} />
      </label>
      <fieldset className="rule-part">
        <legend className="label">{words.when}</legend>
        <select className="input" aria-label={words.when} value={rule.match} onChange={(event) => chooseMatch(event.target.value as Rule['match'])}>
          <option value="all">{words.all}</option>
          <option value="any">{words.any}</option>
          <option value="every">{words.every}</option>
        </select>
        {rule.conditions.map((condition, at) => (
          <ConditionRow
            key={at.toString()}
            condition={condition}
            onChange={(changed) => setConditions(rule.conditions.map((each, place) => (place === at ? changed : each)))}
            onRemove={rule.conditions.length > 1 ? () => setConditions(rule.conditions.filter((_, place) => place !== at)) : null}
          />
        ))}
        {rule.match !== 'every' && <Button icon={Plus} small label={words.addCondition} onClick={() => setConditions([...rule.conditions, NEW])} />}
      </fieldset>
      <ActionFields me={me} actions={rule.actions} redirects={redirects} onChange={(actions) => change({ actions: { ...rule.actions, ...actions } })} />
      <TryRule me={me} rule={rule} />
      {refusal}
      <div className="rule-buttons">
        <Button type="submit" look="primary" label={words.save} disabled={busy || !isComplete(rule)} />
        <Button label={words.cancel} onClick={onCancel} />
      </div>
    </form>
  );
}

interface RowProps {
  readonly condition: Condition;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: (() => void) | null;
}

/** Field, comparison (or its contrary), value. */
function ConditionRow({ condition, onChange, onRemove }: RowProps) {
  const words = useWords(WORDS);
  const digits = useId();
  const chooseField = (field: Field): void => onChange({ ...condition, field, how: HOWS[field][0] ?? 'words' });
  const ways = HOWS[condition.field].flatMap((how) => [
    { how, negated: false, text: words.hows[how] },
    { how, negated: true, text: words.nots[how] },
  ]);
  return (
    <div className="condition">
      <select className="input" aria-label={words.field} value={condition.field} onChange={(event) => chooseField(event.target.value as Field)}>
        {(Object.keys(HOWS) as Field[]).map((field) => (
          <option key={field} value={field}>
            {words.fields[field]}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={words.how}
        value={ways.findIndex(({ how, negated }) => how === condition.how && negated === condition.negated)}
        onChange={(event) => {
          const way = ways[Number(event.target.value)];
          if (way !== undefined) onChange({ ...condition, how: way.how, negated: way.negated });
        }}
      >
        {ways.map(({ text }, at) => (
          <option key={text} value={at}>
            {text}
          </option>
        ))}
      </select>
      {condition.field !== 'attachment' && (
        <input
          className="input"
          aria-label={words.value}
          maxLength={300}
          inputMode={condition.field === 'size' ? 'numeric' : undefined}
          aria-required
          aria-describedby={condition.field === 'size' ? digits : undefined}
          value={condition.value}
          onChange={(event) => onChange({ ...condition, value: event.target.value })}
        />
      )}
      {onRemove !== null && <Button icon={X} wordless small label={words.removeCondition} onClick={onRemove} />}
      {condition.field === 'size' && (
        <p id={digits} className="soft condition-hint">
          {words.digits}
        </p>
      )}
    </div>
  );
}
