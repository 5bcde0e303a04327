import { bilingual } from '../../i18n/words.ts';

export const words = bilingual(
  {
    title: 'Étiquettes',
    act: 'Étiqueter',
    group: 'Ranger',
  },
  {
    title: 'Labels',
    act: 'Label',
    group: 'Organise',
  },
);
