import { bilingual } from '../../i18n/words.ts';

export const paletteWords = bilingual(
  {
    title: 'Aller à, faire…',
    placeholder: 'Une action, un dossier, une personne…',
    folder: 'Dossier',
    label: 'Étiquette',
    from: (name: string) => `Messages de ${name}`,
    write: (name: string) => `Écrire à ${name}`,
    search: (text: string) => `Chercher « ${text} » dans le courrier`,
    everywhere: 'Recherche',
    found: (count: number) => (count < 2 ? `${count} proposition` : `${count} propositions`),
  },
  {
    title: 'Go to, do…',
    placeholder: 'An action, a folder, a person…',
    folder: 'Folder',
    label: 'Label',
    from: (name: string) => `Messages from ${name}`,
    write: (name: string) => `Write to ${name}`,
    search: (text: string) => `Search the mail for “${text}”`,
    everywhere: 'Search',
    found: (count: number) => (count === 1 ? '1 suggestion' : `${count} suggestions`),
  },
);
