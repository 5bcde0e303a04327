import { useLanguage } from '../i18n/index.tsx';
import type { Draft } from '../store/types.ts';
import { useRead } from '../ui/client.tsx';
import { Trouble } from '../ui/Trouble.tsx';

/** Why the message came back: the server's own reason, with the reference to quote. The draft is all there. */
export function Refusal({ draft }: { readonly draft: Draft }) {
  const { compose } = useLanguage().words;
  const state = useRead((store) => store.outgoing().find((one) => one.draft === draft.key)?.state ?? null);
  if (state === null || (state.kind !== 'refused' && state.kind !== 'failed')) return null;
  const problem = state.kind === 'refused' ? { kind: 'refused' as const, code: 'SEND', detail: state.reason, reference: state.reference } : state.problem;
  return (
    <div className="composer-refusal">
      <Trouble what={compose.refused} problem={problem} />
    </div>
  );
}
