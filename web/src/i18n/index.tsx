import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';

import { en } from './en.ts';
import { clock, type Locale, longDate, shortDate, size } from './format.ts';
import { fr, type Words } from './fr.ts';

export type { Locale, Words };

/** Words and formats of the language in use. */
export interface Language {
  readonly locale: Locale;
  readonly words: Words;
  longDate(this: void, iso: string): string;
  shortDate(this: void, iso: string): string;
  clock(this: void, moment: number): string;
  size(this: void, bytes: number): string;
}

export function languageOf(locale: Locale): Language {
  return {
    locale,
    words: locale === 'fr' ? fr : en,
    longDate: (iso) => longDate(iso, locale, new Date()),
    shortDate: (iso) => shortDate(iso, locale, new Date()),
    clock: (moment) => clock(new Date(moment), locale),
    size: (bytes) => size(bytes, locale),
  };
}

const LanguageContext = createContext<Language>(languageOf('fr'));

export function LanguageProvider({ locale, children }: { readonly locale: Locale; readonly children: ReactNode }) {
  const language = useMemo(() => languageOf(locale), [locale]);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

export function useLanguage(): Language {
  return useContext(LanguageContext);
}
