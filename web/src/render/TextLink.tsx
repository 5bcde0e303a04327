import { lazy, Suspense } from 'react';

const JudgedLink = lazy(() => import('./JudgedLink.tsx').then((module) => ({ default: module.JudgedLink })));

/** A link in plain text. Until its judge is loaded it is only words. */
export function TextLink(props: { readonly text: string; readonly href: string }) {
  return (
    <Suspense fallback={props.text}>
      <JudgedLink {...props} />
    </Suspense>
  );
}
