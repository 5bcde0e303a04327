import type { FilterWords } from './words.ts';
import type { Me } from '../../store/types.ts';
import type { Condition, Rule } from './rules.ts';

function conditionText({ field, how, value, negated }: Condition, words: FilterWords): string {
  const text = `${words.fields[field]} ${(negated ? words.nots : words.hows)[how]}`;
  return field === 'attachment' ? text : `${text} ${value}`;
}

export interface KnownLabel {
  readonly keyword: string;
  readonly name: string;
}

/** The person's labels, from the section `labels` of what they chose. */
export function labelsOf(me: Pick<Me, 'settings'>): readonly KnownLabel[] {
  return (me.settings['labels'] as { readonly labels?: readonly KnownLabel[] } | undefined)?.labels ?? [];
}

/** A rule in one sentence. */
export function summaryOf(rule: Rule, words: FilterWords, labels: readonly KnownLabel[], folder: string): string {
  const { summary } = words;
  const { actions } = rule;
  const several = rule.conditions.map((condition, at) => {
    const text = conditionText(condition, words);
    return at === 0 ? text : text.charAt(0).toLowerCase() + text.slice(1);
  });
  const conditions = several.join(rule.match === 'any' ? summary.or : summary.and);
  const acts = [
    ...(actions.folder === null ? [] : [summary.file(folder)]),
    ...actions.labels.map((keyword) => summary.label(labels.find((label) => label.keyword === keyword)?.name ?? keyword)),
    ...(actions.markRead ? [summary.markRead] : []),
    ...(actions.star ? [summary.star] : []),
    ...(actions.important ? [summary.important] : []),
    ...(actions.redirect.length > 0 ? [summary.redirect(actions.redirect.join(', '))] : []),
    ...(actions.reply === null ? [] : [summary.reply]),
    ...(actions.stop ? [summary.stop] : []),
  ];
  return `${rule.match === 'every' ? words.every : conditions}${summary.to}${acts.join(', ')}`;
}
