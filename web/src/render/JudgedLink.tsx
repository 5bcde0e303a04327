import { useRead } from '../ui/client.tsx';
import { doubtsOf, toldOf, wayTo } from './judging.ts';
import { destinationOf, ownDomains } from './links.ts';

/** A link of a plain text; one that isn't what it seems asks first. */
export function JudgedLink({ text, href }: { readonly text: string; readonly href: string }) {
  const me = useRead((store) => store.me());
  const destination = destinationOf(href);
  if (destination === null) return text;
  const doubts = doubtsOf(text, href, destination, ownDomains(me, location.hostname));
  return (
    <a href={wayTo(destination, doubts, location.origin)} title={toldOf(destination)} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  );
}
