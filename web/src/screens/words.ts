import { bilingual } from '../i18n/words.ts';

/** What the list, the folders and the conversation say beyond the words of the page. */
export const paneWords = bilingual(
  {
    newFrom: 'Nouveau depuis votre dernière lecture',
    visit: (when: string) => `Nouveau depuis ${when}`,
    subfolder: 'Nouveau sous-dossier',
    moveFolder: 'Déplacer le dossier',
    folderMoved: (name: string, into: string | null) => (into === null ? `Dossier « ${name} » déplacé au premier niveau.` : `Dossier « ${name} » déplacé dans « ${into} ».`),
    moveFolderTo: (name: string) => `Déplacer « ${name} » dans…`,
    topLevel: 'Premier niveau',
    dropTop: 'Déposer ici : premier niveau',
    editAsNew: 'Réutiliser comme nouveau message',
    showSource: 'Afficher le texte d’origine',
    source: 'Texte d’origine du message',
    sourceFailed: 'Le message n’a pas pu être lu.',
    deleteOne: 'Supprimer ce message',
    moveOne: 'Déplacer ce message',
    grouping: 'Messages',
    grouped: 'Groupés en conversations',
    single: 'Un par un',
    below: 'Sous la liste',
  },
  {
    newFrom: 'New since you last read this',
    visit: (when: string) => `New since ${when}`,
    subfolder: 'New subfolder',
    moveFolder: 'Move folder',
    folderMoved: (name: string, into: string | null) => (into === null ? `Folder “${name}” moved to the top level.` : `Folder “${name}” moved into “${into}”.`),
    moveFolderTo: (name: string) => `Move “${name}” into…`,
    topLevel: 'Top level',
    dropTop: 'Drop here: top level',
    editAsNew: 'Reuse as a new message',
    showSource: 'Show the original text',
    source: 'Original text of the message',
    sourceFailed: 'The message could not be read.',
    deleteOne: 'Delete this message',
    moveOne: 'Move this message',
    grouping: 'Messages',
    grouped: 'Grouped into conversations',
    single: 'One by one',
    below: 'Below the list',
  },
);

export const keyWords = bilingual(
  { single: 'Touches d’un seul caractère (sans elles, seules restent Échap, Entrée et les touches avec Ctrl)' },
  { single: 'Keys of a single character (without them Escape, Enter and keys with Ctrl remain)' },
);
