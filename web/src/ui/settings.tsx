import { createContext, type ReactNode, useCallback, useContext, useLayoutEffect, useMemo, useState } from 'react';

import type { Theme } from '../store/types.ts';
import { useRead } from './client.tsx';
import { useMedia } from './timing.ts';

/** How this screen is arranged. Kept on this device alone: another screen may want another arrangement. */
export interface Settings {
  readonly density: 'comfortable' | 'compact';
  readonly pane: 'right' | 'below' | 'none';
  readonly folders: boolean;
}

const FIRST: Settings = { density: 'comfortable', pane: 'right', folders: true };
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
    density: oneOf(found['density'], ['comfortable', 'compact'], FIRST.density),
    pane: oneOf(found['pane'], ['right', 'below', 'none'], FIRST.pane),
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

/** The first script has put the browser's choice on the page: it holds until the account's own is known. */
function themeOfPage(): Theme {
  return oneOf<Theme>(document.documentElement.dataset['theme'], ['light', 'dark'], 'auto');
}

/** For the first script of the next visit, and for the portal's pages. */
function rememberTheme(theme: Theme): void {
  document.cookie = `__Host-casier-theme=${theme}; Path=/; Secure; SameSite=Lax; Max-Age=31536000`;
}

interface Arrangement {
  readonly settings: Settings;
  /** The account's. */
  readonly theme: Theme;
  readonly dark: boolean;
  change(this: void, change: Partial<Settings>): void;
}

const SettingsContext = createContext<Arrangement>({ settings: FIRST, theme: 'auto', dark: false, change: () => undefined });

export function SettingsProvider({ children }: { readonly children: ReactNode }) {
  const [settings, setSettings] = useState(load);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const shared = useRead((store) => store.me()?.sharedComputer ?? true);
  const change = useCallback((changed: Partial<Settings>) => {
    setSettings((before) => {
      const after = { ...before, ...changed };
      if (!shared) keep(after);
      return after;
    });
  }, [shared]);

  const [before] = useState(themeOfPage);
  const chosen = useRead((store) => store.me()?.theme ?? null);
  const theme = chosen ?? before;
  useLayoutEffect(() => {
    const root = document.documentElement;
    if (theme === 'auto') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    document.querySelector('meta[name="color-scheme"]')?.setAttribute('content', theme === 'auto' ? 'light dark' : theme);
  }, [theme]);
  useLayoutEffect(() => {
    if (chosen !== null && !shared) rememberTheme(chosen);
  }, [chosen, shared]);
  useLayoutEffect(() => {
    document.documentElement.dataset['density'] = settings.density;
  }, [settings.density]);

  const dark = theme === 'dark' || (theme === 'auto' && systemDark);
  const value = useMemo(() => ({ settings, theme, dark, change }), [settings, theme, dark, change]);
  return <SettingsContext value={value}>{children}</SettingsContext>;
}

export function useSettings(): Arrangement {
  return useContext(SettingsContext);
}
