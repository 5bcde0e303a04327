import { bilingual } from '../../i18n/words.ts';

export const WORDS = bilingual(
  {
    region: 'Annonces de la DSI',
    levels: { information: 'Information', warning: 'Avertissement', critical: 'Alerte critique' },
    dismiss: 'Masquer cette annonce',
    until: (moment: string) => `Fin : ${moment}.`,
  },
  {
    region: 'Announcements of the IT department',
    levels: { information: 'Information', warning: 'Warning', critical: 'Critical alert' },
    dismiss: 'Hide this announcement',
    until: (moment: string) => `Ends: ${moment}.`,
  },
);
