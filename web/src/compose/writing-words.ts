import { bilingual } from '../i18n/words.ts';

/** What is said of the form of a text, of fields left open, and of a message that waited. */
export const WRITING_WORDS = bilingual(
  {
    plainHere: 'Texte brut',
    toRich: 'Mettre en forme',
    asPlanned: 'Programmer de nouveau',
    waitsOn: 'Fermé sans changement, il repart à l’heure prévue.',
    openFieldTitle: 'Un champ du modèle reste à remplir',
    openField: (name: string) => `« ${name} » est encore dans le message. Voulez-vous le remplir avant d’envoyer ?`,
  },
  {
    plainHere: 'Plain text',
    toRich: 'Add formatting',
    asPlanned: 'Schedule again',
    waitsOn: 'Closed without a change, it leaves at the planned time.',
    openFieldTitle: 'A field of the template is still open',
    openField: (name: string) => `“${name}” is still in the message. Would you like to fill it in before sending?`,
  },
);
