import { bilingual } from '../../i18n/words.ts';

export const WORDS = bilingual(
  {
    shared: 'Sur un ordinateur partagé, rien n’est installé ni gardé.',
    install: 'Installer le courrier',
    installAbout: 'Le courrier s’ouvre alors dans sa propre fenêtre, avec son icône et le nombre de messages non lus.',
    installNow: 'Installer',
    installed: 'Le courrier est installé sur cet appareil.',
    installing: 'L’installation est en cours.',
    byHand: 'Votre navigateur le propose dans son menu : « Installer » ou « Ajouter à l’écran d’accueil ».',
    links: 'Liens vers une adresse',
    linksAbout: 'Sur une page web, un lien vers une adresse peut ouvrir un nouveau message ici.',
    linksNow: 'Ouvrir ces liens ici',
    linksAsked: 'Votre navigateur vous demande maintenant votre accord, dans sa barre d’adresse ou au-dessus de la page.',
    linksNot: 'Ce navigateur ne le permet pas.',
  },
  {
    shared: 'On a shared computer, nothing is installed or kept.',
    install: 'Install mail',
    installAbout: 'Mail then opens in a window of its own, with its icon and the number of unread messages.',
    installNow: 'Install',
    installed: 'Mail is installed on this device.',
    installing: 'It is being installed.',
    byHand: 'Your browser offers it in its menu: “Install” or “Add to home screen”.',
    links: 'Links to an address',
    linksAbout: 'On a web page, a link to an address can open a new message here.',
    linksNow: 'Open these links here',
    linksAsked: 'Your browser now asks for your agreement, in its address bar or above the page.',
    linksNot: 'This browser doesn’t allow it.',
  },
);
