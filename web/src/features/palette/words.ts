import { bilingual } from '../../i18n/words.ts';

export const actWords = bilingual({ palette: 'Tout faire au clavier…' }, { palette: 'Do anything by keyboard…' });
