import { useWords } from '../../i18n/words.ts';
import type { Problem } from '../../store/types.ts';
import { Trouble } from '../../ui/Trouble.tsx';
import { conflictText } from './use-filters.ts';
import { WORDS } from './words.ts';

/** Where a fresh proof is given; it says itself when that is done. */
const CONFIRM = '/compte/confirmer/';

/** Why what was changed isn't kept. Before mail goes elsewhere the person shows who they are, in another tab: nothing typed here is lost. */
export function Refusal({ problem }: { readonly problem: Problem }) {
  const words = useWords(WORDS);
  const unproved = problem.kind === 'refused' && problem.code === 'step_up';
  return (
    <Trouble what={words.unkept} problem={problem} text={unproved ? words.stepUp : conflictText(problem, words)}>
      {unproved && (
        <a className="button button-outline button-small" href={CONFIRM} target="_blank" rel="noopener">
          <span className="button-word">{words.confirm}</span>
        </a>
      )}
    </Trouble>
  );
}
