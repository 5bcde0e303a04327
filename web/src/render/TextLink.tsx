import { lazy } from 'react';

import { Apart } from '../ui/Apart.tsx';

const JudgedLink = lazy(() => import('./JudgedLink.tsx').then((module) => ({ default: module.JudgedLink })));

/** A link in plain text. Until its judge is loaded it is only words, and stays so where the judge doesn't come. */
export function TextLink(props: { readonly text: string; readonly href: string }) {
  return (
    <Apart waiting={props.text} instead={props.text}>
      <JudgedLink {...props} />
    </Apart>
  );
}
