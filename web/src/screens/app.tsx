import '../styles/index.css';

import type { Client } from '../commands/types.ts';
import { FEATURES } from '../features/index.ts';
import { LanguageProvider, type Locale } from '../i18n/index.tsx';
import { sectionOf } from '../store/choices.ts';
import { AnnouncerProvider } from '../ui/Announcer.tsx';
import { ClientProvider, useRead } from '../ui/client.tsx';
import { FeaturesProvider } from '../ui/features.tsx';
import { ShortcutsProvider } from '../ui/keys.tsx';
import { SettingsProvider } from '../ui/settings.tsx';
import { pageFeature } from './acts.ts';
import { Boot } from './shell/Boot.tsx';
import { Crash } from './shell/Crash.tsx';
import { Shell } from './shell/Shell.tsx';

/** The page's own acts first: their keys are theirs. */
const ALL = [pageFeature(FEATURES), ...FEATURES];

/** The web client: what `main.tsx` draws. */
export function App({ client }: { readonly client: Client }) {
  return (
    <ClientProvider client={client}>
      <SettingsProvider>
        <InLanguage />
      </SettingsProvider>
    </ClientProvider>
  );
}

function browserLocale(): Locale {
  return navigator.language.toLowerCase().startsWith('en') ? 'en' : 'fr';
}

function InLanguage() {
  const me = useRead((store) => store.me());
  const shortcuts = sectionOf(me, 'reading')['shortcuts'] !== false;
  return (
    <LanguageProvider locale={me?.locale ?? browserLocale()}>
      <AnnouncerProvider>
        <FeaturesProvider features={ALL}>
          <ShortcutsProvider value={shortcuts}>
            <Crash>{me === null ? <Boot /> : <Shell me={me} />}</Crash>
          </ShortcutsProvider>
        </FeaturesProvider>
      </AnnouncerProvider>
    </LanguageProvider>
  );
}
