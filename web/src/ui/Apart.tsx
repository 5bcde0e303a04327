import { Component, type ReactNode, Suspense } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import type { Problem } from '../store/types.ts';
import { isUnloaded } from '../wire/problems.ts';
import { Button } from './Button.tsx';
import { Trouble } from './Trouble.tsx';

interface Props {
  /** Until it is loaded. */
  readonly waiting?: ReactNode;
  /** What stands around it waits for it: whoever is above says what is drawn meanwhile. */
  readonly together?: boolean;
  /** Where it couldn't be loaded. */
  readonly instead: ReactNode;
  readonly children: ReactNode;
}

interface State {
  readonly failed: { readonly error: unknown } | null;
}

/** Something that is loaded when it is wanted. Where it doesn't come the rest of the page goes on; a fault of ours is for whoever stands above. */
export class Apart extends Component<Props, State> {
  override state: State = { failed: null };

  static getDerivedStateFromError(error: unknown): State {
    return { failed: { error } };
  }

  override render(): ReactNode {
    const { waiting, together, instead, children } = this.props;
    const { failed } = this.state;
    if (failed === null) return together ? children : <Suspense fallback={waiting}>{children}</Suspense>;
    if (isUnloaded(failed.error)) return instead;
    throw failed.error;
  }
}

const UNREACHED: Problem = { kind: 'offline' };

/** A part of the page didn't come. The browser remembers that, so the whole page is asked for again: what was written waits on this device. */
export function Unloaded() {
  const { problems } = useLanguage().words;
  return (
    <Trouble what={problems.unloaded} text={problems.unloadedWhy} problem={UNREACHED}>
      <Button label={problems.reload} small look="outline" onClick={() => location.reload()} />
    </Trouble>
  );
}
