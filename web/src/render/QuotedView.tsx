import { useMemo } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { bilingual, useWords } from '../i18n/words.ts';
import { useSettings } from '../ui/settings.tsx';
import { MailFrame } from './MailFrame.tsx';
import { cleanMail, type MailOptions } from './sanitize.ts';

const TITLE = bilingual({ quoted: 'Message d’origine' }, { quoted: 'Original message' });
const NOTHING: ReadonlyMap<string, string> = new Map();

/** Somebody else's HTML inside a draft: as isolated as when one reads it. */
export function QuotedView({ html }: { readonly html: string }) {
  const { words, locale } = useLanguage();
  const { quoted } = useWords(TITLE);
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
  return <MailFrame mail={mail} ground={ground} title={quoted} lang={locale} />;
}
