import { bilingual } from '../i18n/words.ts';

/** What is said of the form of a text, of fields left open, of addresses in sight, and of a message that waited. */
export const WRITING_WORDS = bilingual(
  {
    interrupted: 'Interrompu, va reprendre',
    plainHere: 'Texte brut',
    toRich: 'Mettre en forme',
    asPlanned: 'Programmer de nouveau',
    waitsOn: 'Fermé sans changement, il repart à l’heure prévue.',
    openFieldTitle: 'Un champ du modèle reste à remplir',
    openField: (name: string) => `« ${name} » est encore dans le message. Voulez-vous le remplir avant d’envoyer ?`,
    inSightTitle: 'Montrer toutes les adresses ?',
    inSight: (count: number) => `Ce message a ${count} destinataires en « À » ou en « Cc » : chacun verra l’adresse de tous les autres.`,
    inSightAnswer: (count: number) => `Votre réponse part à ${count} personnes : chacune verra l’adresse de toutes les autres et pourra leur répondre.`,
    outOfSightWhy: 'En « Cci », chacun reçoit le message sans voir l’adresse des autres.',
    outOfSightWhyAnswer: 'En « Cci », celles qui sont en copie reçoivent votre réponse sans que leurs adresses soient montrées.',
    outOfSight: 'Passer en Cci et envoyer',
    outOfSightDone: (count: number) => `${count} destinataires sont passés en Cci.`,
  },
  {
    interrupted: 'Interrupted, will resume',
    plainHere: 'Plain text',
    toRich: 'Add formatting',
    asPlanned: 'Schedule again',
    waitsOn: 'Closed without a change, it leaves at the planned time.',
    openFieldTitle: 'A field of the template is still open',
    openField: (name: string) => `“${name}” is still in the message. Would you like to fill it in before sending?`,
    inSightTitle: 'Show everyone’s addresses?',
    inSight: (count: number) => `This message has ${count} recipients in “To” or “Cc”: each will see the addresses of all the others.`,
    inSightAnswer: (count: number) => `Your reply goes to ${count} people: each will see the addresses of all the others and can answer them.`,
    outOfSightWhy: 'In “Bcc” each gets the message without seeing the addresses of the others.',
    outOfSightWhyAnswer: 'In “Bcc” those who only get a copy receive your reply without their addresses being shown.',
    outOfSight: 'Move to Bcc and send',
    outOfSightDone: (count: number) => `${count} recipients are now in Bcc.`,
  },
);
