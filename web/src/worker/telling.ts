/** What a push says. Nothing of a message: the push service carries it, and the screen may be locked. */
export interface Heard {
  /** How many came since this device was last used; 0 where that isn't said. */
  readonly count: number;
  readonly language: 'fr' | 'en';
  /** The person tries whether notifications reach this device. */
  readonly trial: boolean;
}

/** Read a push, whatever came: a browser wants something shown for each. */
export function heard(text: string): Heard {
  const said = parsed(text);
  const count = said['count'];
  return {
    count: typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : 0,
    language: said['language'] === 'en' ? 'en' : 'fr',
    trial: said['type'] === 'trial',
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

/** The words of the notification. */
export function told({ count, language, trial }: Heard): { readonly title: string; readonly body: string } {
  const english = language === 'en';
  if (trial) {
    return english
      ? { title: 'Notifications reach this device', body: 'A new message will be announced like this.' }
      : { title: 'Les notifications arrivent sur cet appareil', body: 'Un nouveau message sera annoncé ainsi.' };
  }
  const body = english ? 'Open your mail to read it.' : 'Ouvrez votre courrier pour le lire.';
  const several = english ? 'Open your mail to read them.' : 'Ouvrez votre courrier pour les lire.';
  if (count > 1) return { title: english ? `${count} new messages` : `${count}\u00a0nouveaux messages`, body: several };
  return { title: english ? 'New message' : 'Nouveau message', body };
}
