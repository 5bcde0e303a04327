import { useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { MailboxId, Me, Problem } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient, useRead } from '../../ui/client.tsx';
import { folderName } from '../../ui/folders.ts';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf } from '../../wire/problems.ts';
import { changesMail, isComplete, type Rule } from './rules.ts';
import { applyRule, type Tried, tryRule } from './service.ts';
import { WORDS } from './words.ts';

type State =
  | { readonly kind: 'idle' | 'working' | 'undone' }
  | { readonly kind: 'tried'; readonly rule: Rule; readonly found: Tried }
  | { readonly kind: 'applied'; readonly count: number; readonly back: () => Promise<void> }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly again: () => void };

/** How many messages that are here already the rule would have taken; then, if wanted, does it to them, with a way back. */
export function TryRule({ me, rule }: { readonly me: Me; readonly rule: Rule }) {
  const words = useWords(WORDS);
  const language = useLanguage();
  const { services, commands } = useClient();
  const folders = useRead((store) => store.mailboxes(me.account));
  const inbox = folders.find(({ role }) => role === 'inbox');
  const [chosen, setChosen] = useState<MailboxId | null>(null);
  const [state, setState] = useState<State>({ kind: 'idle' });
  const folder = chosen ?? inbox?.id ?? null;
  const work = (act: () => Promise<State>): void => {
    setState({ kind: 'working' });
    act().then(setState, (caught: unknown) => setState({ kind: 'failed', problem: problemOf(caught), again: () => work(act) }));
  };
  const attempt = (): void => {
    if (folder !== null) work(async () => ({ kind: 'tried', rule, found: await tryRule(services.jmap, me.account, rule, folder) }));
  };
  const apply = (found: Tried): void =>
    work(async () => {
      const back = await applyRule(services.jmap, me.account, rule.actions, found.ids);
      await commands.run('refresh', {});
      return { kind: 'applied', count: found.ids.length, back };
    });
  const undo = (back: () => Promise<void>): void =>
    work(async () => {
      await back();
      await commands.run('refresh', {});
      return { kind: 'undone' };
    });
  return (
    <div className="rule-part try">
      <div className="try-line">
        <Button look="outline" label={words.try} disabled={state.kind === 'working' || !isComplete(rule)} onClick={attempt} />
        <label className="try-folder">
          <span className="soft">{words.inFolder}</span>
          <select className="input" value={folder ?? ''} onChange={(event) => setChosen(event.target.value as MailboxId)}>
            {folders.map((each) => (
              <option key={each.id} value={each.id}>
                {folderName(each, language.words)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div role="status" className="try-found">
        <Outcome rule={rule} state={state} onApply={apply} onUndo={undo} />
      </div>
    </div>
  );
}

interface OutcomeProps {
  readonly rule: Rule;
  readonly state: State;
  readonly onApply: (found: Tried) => void;
  readonly onUndo: (back: () => Promise<void>) => void;
}

function Outcome({ rule, state, onApply, onUndo }: OutcomeProps) {
  const words = useWords(WORDS);
  switch (state.kind) {
    case 'idle':
      return null;
    case 'working':
      return <p className="soft">{words.trying}</p>;
    case 'failed':
      return <Trouble quiet problem={state.problem} onRetry={state.again} />;
    case 'undone':
      return <p>{words.undone}</p>;
    case 'applied':
      return (
        <p>
          {words.applied(state.count)} <Button small look="outline" label={words.undo} onClick={() => onUndo(state.back)} />
        </p>
      );
    case 'tried':
      // What was found belongs to the conditions as they were.
      return state.rule.conditions === rule.conditions && state.rule.match === rule.match ? <Found rule={rule} found={state.found} onApply={() => onApply(state.found)} /> : null;
  }
}

function Found({ rule, found, onApply }: { readonly rule: Rule; readonly found: Tried; readonly onApply: () => void }) {
  const words = useWords(WORDS);
  const { total, ids, first } = found;
  const sends = rule.actions.redirect.length > 0 || rule.actions.reply !== null;
  return (
    <>
      <p className="label">{words.found(total)}</p>
      {first.length > 0 && (
        <ul className="try-list">
          {first.map(({ id, subject, from }) => (
            <li key={id}>
              <span className="soft">{from}</span> {subject}
            </li>
          ))}
          {total > first.length && <li className="soft">{words.andMore(total - first.length)}</li>}
        </ul>
      )}
      {ids.length > 0 && changesMail(rule.actions) && (
        <p>
          <Button look="outline" label={words.apply(ids.length)} onClick={onApply} />
          {total > ids.length && <span className="soft"> {words.tooMany(ids.length)}</span>}
        </p>
      )}
      {sends && <p className="soft">{words.onlyArriving}</p>}
    </>
  );
}
