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

export const ALERT_WORDS = bilingual(
  {
    newMail: 'Nouveau message',
    about: 'Dans ce navigateur, pour la boîte de réception, quand le courrier est ouvert dans un onglet que vous ne regardez pas.',
    shared: 'Sur un ordinateur partagé, les nouveaux messages ne sont pas annoncés.',
    desktop: 'Afficher une notification à l’arrivée d’un message',
    denied: 'Votre navigateur refuse les notifications de ce site. Autorisez-les dans ses réglages, puis revenez ici.',
    details: 'Y montrer l’expéditeur et l’objet',
    sound: 'Jouer un son',
    listen: 'Écouter',
    quiet: 'Heures de silence',
    from: 'De',
    until: 'à',
  },
  {
    newMail: 'New message',
    about: 'In this browser, for the inbox, while mail is open in a tab that you aren’t looking at.',
    shared: 'On a shared computer, new messages aren’t announced.',
    desktop: 'Show a notification when a message arrives',
    denied: 'Your browser refuses notifications from this site. Allow them in its settings, then come back here.',
    details: 'Show the sender and the subject in it',
    sound: 'Play a sound',
    listen: 'Listen',
    quiet: 'Quiet hours',
    from: 'From',
    until: 'to',
  },
);
