import { bilingual } from '../i18n/words.ts';

/** What is said around an HTML message: loaded with it. */
export const WORDS = bilingual(
  {
    always: 'Toujours pour cet expéditeur',
    never: 'Les images distantes ne sont pas affichées : vous l’avez choisi dans les réglages.',
    loading: 'Les images arrivent…',
    missing: (count: number) =>
      count === 1 ? 'Une image n’a pas pu être affichée.' : `${count} images n’ont pas pu être affichées.`,
    unfetched: 'Les images n’ont pas pu être demandées.',
    again: 'Réessayer',
  },
  {
    always: 'Always for this sender',
    never: 'Remote images are not shown: you chose so in the settings.',
    loading: 'Images are coming…',
    missing: (count: number) => (count === 1 ? 'One image could not be shown.' : `${count} images could not be shown.`),
    unfetched: 'The images could not be asked for.',
    again: 'Try again',
  },
);
