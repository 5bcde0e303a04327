import { bilingual } from '../../i18n/words.ts';

/** What stands in menus before anything of this feature is loaded. */
export const labels = bilingual(
  {
    print: 'Imprimer ou enregistrer en PDF…',
    printAll: 'Imprimer la conversation…',
    save: 'Enregistrer (.eml)',
    saveAll: 'Enregistrer (.eml)',
  },
  {
    print: 'Print or save as PDF…',
    printAll: 'Print the conversation…',
    save: 'Save (.eml)',
    saveAll: 'Save (.eml)',
  },
);
