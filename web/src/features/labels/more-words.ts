import { countEn, countFr } from '../../i18n/counts.ts';
import { bilingual } from '../../i18n/words.ts';

/** What is said only once labels are looked at. */
export const moreWords = bilingual(
  {
    add: 'Ajouter une étiquette',
    added: (name: string) => `Étiquette « ${name} » ajoutée.`,
    removed: (name: string) => `Étiquette « ${name} » retirée.`,
    remove: (name: string) => `Retirer l’étiquette ${name}`,
    find: 'Chercher ou créer une étiquette',
    create: (name: string) => `Créer « ${name} »`,
    new: 'Nouvelle étiquette',
    manage: 'Gérer les étiquettes',
    unread: (count: number) => countFr(count, 'conversation non lue', 'conversations non lues'),
    name: 'Nom',
    color: 'Couleur',
    delete: (name: string) => `Supprimer l’étiquette ${name}`,
    none: 'Vous n’avez pas encore d’étiquette.',
    why: 'Les étiquettes sont visibles de vos autres logiciels de messagerie, sous leur mot-clé.',
    deleted: 'Les messages gardent leur mot-clé : une étiquette supprimée puis créée sous le même nom les retrouve.',
    full: 'Soixante étiquettes au plus : supprimez-en une d’abord.',
    colors: { red: 'Rouge', orange: 'Orange', yellow: 'Jaune', green: 'Vert', teal: 'Turquoise', blue: 'Bleu', violet: 'Violet', grey: 'Gris' },
  },
  {
    add: 'Add a label',
    added: (name: string) => `Label “${name}” added.`,
    removed: (name: string) => `Label “${name}” removed.`,
    remove: (name: string) => `Remove the label ${name}`,
    find: 'Find or create a label',
    create: (name: string) => `Create “${name}”`,
    new: 'New label',
    manage: 'Manage labels',
    unread: (count: number) => countEn(count, 'unread conversation', 'unread conversations'),
    name: 'Name',
    color: 'Colour',
    delete: (name: string) => `Delete the label ${name}`,
    none: 'You have no label yet.',
    why: 'Your other mail programs see labels by their keyword.',
    deleted: 'Messages keep their keyword: a label that is deleted and made again under the same name finds them.',
    full: 'Sixty labels at most: delete one first.',
    colors: { red: 'Red', orange: 'Orange', yellow: 'Yellow', green: 'Green', teal: 'Teal', blue: 'Blue', violet: 'Violet', grey: 'Grey' },
  },
);
