import '../styles/index.css';

import type { Client } from '../commands/types.ts';
import { FEATURES } from '../features/index.ts';
import { LanguageProvider, type Locale } from '../i18n/index.tsx';
import { AnnouncerProvider } from '../ui/Announcer.tsx';
import { ClientProvider, useRead } from '../ui/client.tsx';
import { FeaturesProvider } from '../ui/features.tsx';
import { SettingsProvider } from '../ui/settings.tsx';
import { Boot } from './shell/Boot.tsx';
import { Crash } from './shell/Crash.tsx';
import { Shell } from './shell/Shell.tsx';

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
  return (
    <LanguageProvider locale={me?.locale ?? browserLocale()}>
      <AnnouncerProvider>
        <FeaturesProvider features={FEATURES}>
          <Crash>{me === null ? <Boot /> : <Shell me={me} />}</Crash>
        </FeaturesProvider>
      </AnnouncerProvider>
    </LanguageProvider>
  );
}
