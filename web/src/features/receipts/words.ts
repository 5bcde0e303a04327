import { bilingual } from '../../i18n/words.ts';

export const WORDS = bilingual(
  {
    high: 'Importance haute',
    low: 'Importance basse',
    title: 'Accusé de lecture',
    asks: (name: string) => `${name} demande à savoir que vous avez ouvert ce message.`,
    elsewhere: (email: string) => `L’accusé irait à ${email}, qui n’est pas l’adresse de l’expéditeur.`,
    yes: 'Envoyer l’accusé',
    no: 'Ne pas l’envoyer',
    told: 'Accusé de lecture envoyé',
  },
  {
    high: 'High importance',
    low: 'Low importance',
    title: 'Read receipt',
    asks: (name: string) => `${name} asks to be told that you have opened this message.`,
    elsewhere: (email: string) => `The receipt would go to ${email}, which isn’t the sender’s address.`,
    yes: 'Send the receipt',
    no: 'Don’t send it',
    told: 'Read receipt sent',
  },
);
