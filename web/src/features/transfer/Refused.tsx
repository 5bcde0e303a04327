import { useWords } from '../../i18n/words.ts';
import { contentsOf, type Facts } from './service.ts';
import { WORDS } from './words.ts';

/** What can't come in, each with its reason; folded away, for there may be many. */
export function Refused({ facts }: { readonly facts: Facts }) {
  const words = useWords(WORDS);
  const { leftOut, leftOutCount } = contentsOf(facts);
  if (leftOutCount === 0) return null;
  return (
    <details className="transfer-refused">
      <summary>{words.leftOut(leftOutCount)}</summary>
      <ul>
        {leftOut.map(({ where, reason, detail }, at) => (
          <li key={at}>
            {where} : {words.wrong(reason)}
            {reason === 'virus' && detail !== '' && ` (${detail})`}
          </li>
        ))}
        {leftOut.length < leftOutCount && <li>…</li>}
      </ul>
    </details>
  );
}
