import { bilingual } from '../../i18n/words.ts';

export const moreWords = bilingual(
  {
    evening: 'Ce soir',
    tomorrow: 'Demain matin',
    monday: 'Lundi matin',
    week: 'Dans une semaine',
    date: 'Une autre date',
    choose: 'Remettre à cette date',
    past: 'Choisissez un moment à venir.',
    explain: 'La conversation attend dans « En attente » et revient non lue, en haut de la boîte de réception, même si vous n’êtes pas connecté.',
    done: (when: string) => `En attente jusqu’au ${when}.`,
    until: (when: string) => `Revient le ${when}.`,
    change: 'Changer la date',
  },
  {
    evening: 'This evening',
    tomorrow: 'Tomorrow morning',
    monday: 'Monday morning',
    week: 'In a week',
    date: 'Another date',
    choose: 'Put off until then',
    past: 'Choose a moment to come.',
    explain: 'The conversation waits in “Waiting” and comes back unread, on top of the inbox, even while you are signed out.',
    done: (when: string) => `Waiting until ${when}.`,
    until: (when: string) => `Comes back on ${when}.`,
    change: 'Change the date',
  },
);
