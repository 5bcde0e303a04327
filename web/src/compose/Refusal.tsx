import { useMemo } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import type { Draft, Outgoing, Problem } from '../store/types.ts';
import { useRead } from '../ui/client.tsx';
import { Trouble } from '../ui/Trouble.tsx';

/** Why the message came back: the server's own reason, with the reference to quote. The draft is all there. */
export function Refusal({ draft }: { readonly draft: Draft }) {
  const { compose } = useLanguage().words;
  const state = useRead((store) => store.outgoing().find((one) => one.draft === draft.key)?.state ?? null);
  const problem = useMemo(() => (state === null ? null : problemIn(state)), [state]);
  if (problem === null) return null;
  return (
    <div className="composer-refusal">
      <Trouble what={compose.refused} problem={problem} />
    </div>
  );
}

function problemIn(state: Outgoing['state']): Problem | null {
  if (state.kind === 'failed') return state.problem;
  return state.kind === 'refused' ? { kind: 'refused', code: 'SEND', detail: state.reason, reference: state.reference } : null;
}
