import { bilingual } from '../../i18n/words.ts';

/** What the page needs of it at once. */
export const actWords = bilingual({ form: 'Recherche détaillée' }, { form: 'Detailed search' });
