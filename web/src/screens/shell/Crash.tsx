import { Component, type ReactNode } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';

interface Props {
  readonly children: ReactNode;
}

/** A fault of ours: a sentence and a way on, never an empty page. */
export class Crash extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <CrashPage /> : this.props.children;
  }
}

function CrashPage() {
  const { words } = useLanguage();
  return (
    <main className="page-message" role="alert">
      <h1>{words.problems.crashed}</h1>
      <p>{words.problems.crashedMore}</p>
      <Button label={words.problems.reload} look="primary" onClick={() => location.reload()} />
    </main>
  );
}
