import { bilingual } from '../../i18n/words.ts';

/** What is said of pictures that were made lighter. */
export const PICTURE_WORDS = bilingual(
  {
    lightened: (before: string, after: string) => `Image allégée : ${before} → ${after}`,
    original: 'Reprendre l’originale',
    attachOriginal: 'Joindre l’originale',
    fine: 'Masquer',
  },
  {
    lightened: (before: string, after: string) => `Picture made lighter: ${before} → ${after}`,
    original: 'Use the original',
    attachOriginal: 'Attach the original',
    fine: 'Hide',
  },
);
