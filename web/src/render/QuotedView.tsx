import { useMemo } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { useSettings } from '../ui/settings.tsx';
import { MailFrame } from './MailFrame.tsx';
import { cleanMail, type MailOptions } from './sanitize.ts';

const NOTHING: ReadonlyMap<string, string> = new Map();

/** Somebody else's HTML inside a draft: as isolated as when one reads it. */
export function QuotedView({ html }: { readonly html: string }) {
  const { words, locale } = useLanguage();
  const { dark } = useSettings();
  const { mail, ground } = useMemo(() => {
    const options: MailOptions = {
      remote: NOTHING,
      whole: true,
      inline: NOTHING,
      dark: false,
      elsewhere: words.reading.elsewhere,
      composeAt: (address) => `mailto:${address}`,
      origin: location.origin,
      own: [],
    };
    const light = cleanMail(html, options);
    if (!dark || light.paints) return { mail: light, ground: 'light' as const };
    return { mail: cleanMail(html, { ...options, dark: true }), ground: 'dark' as const };
  }, [html, dark, words]);
  return <MailFrame mail={mail} ground={ground} title={words.compose.showQuoted} lang={locale} />;
}
