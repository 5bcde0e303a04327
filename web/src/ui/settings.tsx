import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';

import { useMedia } from './timing.ts';

/** How this screen is arranged. Kept on this device alone: another screen may want another arrangement. */
export interface Settings {
  readonly theme: 'auto' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  readonly pane: 'right' | 'none';
  readonly folders: boolean;
}

const FIRST: Settings = { theme: 'auto', density: 'comfortable', pane: 'right', folders: true };
const KEPT_AS = 'casier.arrangement';

function oneOf<Choice extends string>(value: unknown, choices: readonly Choice[], otherwise: Choice): Choice {
  return choices.find((choice) => choice === value) ?? otherwise;
}

/** Read what was kept; anything odd is as if it had never been. */
export function readSettings(kept: string | null): Settings {
  let found: Readonly<Record<string, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(kept ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) found = parsed as Readonly<Record<string, unknown>>;
  } catch {
    // Kept by another version, or by hand.
  }
  return {
    theme: oneOf(found['theme'], ['auto', 'light', 'dark'], FIRST.theme),
    density: oneOf(found['density'], ['comfortable', 'compact'], FIRST.density),
    pane: oneOf(found['pane'], ['right', 'none'], FIRST.pane),
    folders: found['folders'] !== false,
  };
}

function load(): Settings {
  try {
    return readSettings(localStorage.getItem(KEPT_AS));
  } catch {
    return FIRST;
  }
}

function keep(settings: Settings): void {
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing: the choice lasts as long as the page.
  }
}

interface Arrangement {
  readonly settings: Settings;
  readonly dark: boolean;
  change(this: void, change: Partial<Settings>): void;
}

const SettingsContext = createContext<Arrangement>({ settings: FIRST, dark: false, change: () => undefined });

export function SettingsProvider({ children }: { readonly children: ReactNode }) {
  const [settings, setSettings] = useState(load);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const change = useCallback((changed: Partial<Settings>) => {
    setSettings((before) => {
      const after = { ...before, ...changed };
      keep(after);
      return after;
    });
  }, []);

  useEffect(() => {
    const root = document.documentElement;
    if (settings.theme === 'auto') delete root.dataset['theme'];
    else root.dataset['theme'] = settings.theme;
    root.dataset['density'] = settings.density;
  }, [settings.theme, settings.density]);

  const dark = settings.theme === 'dark' || (settings.theme === 'auto' && systemDark);
  const value = useMemo(() => ({ settings, dark, change }), [settings, dark, change]);
  return <SettingsContext value={value}>{children}</SettingsContext>;
}

export function useSettings(): Arrangement {
  return useContext(SettingsContext);
}
