import { bilingual } from '../../i18n/words.ts';

export const savingWords = bilingual(
  {
    title: 'Préparation du fichier', progress: (done: number, all: number) => `${done} sur ${all}`, cancel: 'Annuler', close: 'Fermer',
    unprinted: 'Un message n’a pas pu être lu en entier : rien n’a été imprimé.',
    failed: 'Les fichiers n’ont pas pu être réunis.', files: 'Pièces jointes', mails: 'Messages', nameless: 'fichier', noSubject: 'Sans objet',
  },
  {
    title: 'Preparing the file', progress: (done: number, all: number) => `${done} of ${all}`, cancel: 'Cancel', close: 'Close',
    unprinted: 'A message could not be read whole: nothing was printed.',
    failed: 'The files could not be put together.', files: 'Attachments', mails: 'Messages', nameless: 'file', noSubject: 'No subject',
  },
);
