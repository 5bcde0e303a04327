import { bilingual } from '../../i18n/words.ts';

export const WORDS = bilingual(
  {
    why: 'Une image distante apprend à son expéditeur que vous avez ouvert son message. Casier la fait venir par ses propres serveurs : l’expéditeur ne voit ni votre adresse, ni votre appareil.',
    legend: 'Quand un message contient des images distantes',
    ask: 'Demander à chaque fois',
    never: 'Ne jamais les afficher',
    senders: 'Expéditeurs dont les images sont toujours affichées',
    none: 'Aucun pour l’instant. Le bouton « Toujours pour cet expéditeur », au-dessus d’un message, en ajoute un.',
    remove: (sender: string) => `Retirer ${sender}`,
  },
  {
    why: 'A remote image tells its sender that you opened the message. Casier fetches it by its own servers: the sender sees neither your address nor your device.',
    legend: 'When a message holds remote images',
    ask: 'Ask each time',
    never: 'Never show them',
    senders: 'Senders whose images are always shown',
    none: 'None so far. The button “Always for this sender”, above a message, adds one.',
    remove: (sender: string) => `Remove ${sender}`,
  },
);
