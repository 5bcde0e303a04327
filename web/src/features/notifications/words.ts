import { bilingual } from '../../i18n/words.ts';

export const WORDS = bilingual(
  {
    title: 'Notifications',
    open: (unread: number) => (unread === 0 ? 'Notifications' : unread === 1 ? 'Notifications : 1 nouvelle' : `Notifications : ${unread} nouvelles`),
    none: 'Rien pour l’instant',
    noneMore: 'Ici s’affiche ce que les services de votre académie vous signalent.',
    fresh: 'Nouvelle',
    remove: (title: string) => `Retirer « ${title} »`,
    removeAll: 'Tout retirer',
    opens: (host: string) => `Ouvrir ${host}`,
    newWindow: '(nouvel onglet)',
    close: 'Fermer',
    failed: 'Les notifications n’ont pas pu être lues. Elles reviendront avec la connexion.',
  },
  {
    title: 'Notifications',
    open: (unread: number) => (unread === 0 ? 'Notifications' : `Notifications: ${unread} new`),
    none: 'Nothing for now',
    noneMore: 'What services of your academy tell you is shown here.',
    fresh: 'New',
    remove: (title: string) => `Remove “${title}”`,
    removeAll: 'Remove all',
    opens: (host: string) => `Open ${host}`,
    newWindow: '(new tab)',
    close: 'Close',
    failed: 'Notifications could not be read. They will come back with the connection.',
  },
);
