import { TriangleAlert } from 'lucide-react';

import { useLanguage } from '../i18n/index.tsx';
import type { Draft } from '../store/types.ts';
import { useRead } from '../ui/client.tsx';
import { problemText, referenceOf } from '../ui/problems.ts';

/** Why the message came back: the server's own reason, with the reference to quote. The draft is all there. */
export function Refusal({ draft }: { readonly draft: Draft }) {
  const language = useLanguage();
  const { compose } = language.words;
  const state = useRead((store) => store.outgoing().find((one) => one.draft === draft.key)?.state ?? null);
  if (state === null || (state.kind !== 'refused' && state.kind !== 'failed')) return null;
  const reason = state.kind === 'refused' ? state.reason : problemText(state.problem, language);
  const reference = state.kind === 'refused' ? state.reference : referenceOf(state.problem);
  return (
    <div className="banner banner-warning composer-refusal" role="alert">
      <TriangleAlert aria-hidden="true" size={18} strokeWidth={1.75} />
      <p>
        <strong>{compose.refused}</strong> {reason}
        {reference !== null && <span className="reference"> {compose.reference(reference)}</span>}
      </p>
    </div>
  );
}
