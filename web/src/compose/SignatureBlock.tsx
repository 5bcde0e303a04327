import createPurifier from 'dompurify';
import { X } from 'lucide-react';
import { useMemo } from 'react';

import { useWords } from '../i18n/words.ts';
import type { Signature } from '../store/types.ts';
import { Button } from '../ui/Button.tsx';
import { useRead } from '../ui/client.tsx';
import { WORDS } from './words.ts';

const purifier = createPurifier(window);

/** HTML of a signature that may be drawn on our own page: words, links, a little form. */
export function cleanSignature(html: string): string {
  return purifier.sanitize(html, {
    ALLOWED_TAGS: ['p', 'div', 'span', 'br', 'b', 'strong', 'i', 'em', 'u', 's', 'a', 'ul', 'ol', 'li', 'table', 'tbody', 'tr', 'td'],
    ALLOWED_ATTR: ['href', 'style', 'target', 'rel'],
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|tel:)/i,
  });
}

/** What stands below the text. The academy's can't be taken off where it is imposed. */
export function SignatureBlock({ signature, plain, onRemove }: { readonly signature: Signature; readonly plain: boolean; readonly onRemove: () => void }) {
  const words = useWords(WORDS);
  const imposed = useRead((store) => store.me()?.signature.mode === 'imposed') && signature.kind === 'academy';
  const html = useMemo(() => cleanSignature(signature.html), [signature.html]);
  const label = signature.kind === 'academy' ? words.academySignature : words.signature;
  return (
    <section className="signature" aria-label={label}>
      <div className="signature-head">
        <span className="soft">{imposed ? `${label} – ${words.imposed}` : label}</span>
        {!imposed && <Button icon={X} label={words.removeSignature} wordless small onClick={onRemove} />}
      </div>
      {plain ? <p className="signature-text">{signature.text}</p> : <div className="signature-text" dangerouslySetInnerHTML={{ __html: html }} />}
    </section>
  );
}
