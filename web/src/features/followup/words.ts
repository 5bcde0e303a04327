import { bilingual } from '../../i18n/words.ts';

export const words = bilingual(
  {
    group: 'Ranger',
    later: 'Remettre à plus tard',
    now: 'Remettre maintenant dans la boîte',
    pin: 'Épingler en haut',
    unpin: 'Détacher',
    pinned: 'Épinglée en haut du dossier.',
    unpinned: 'Détachée.',
    isPinned: 'Épinglé',
    back: 'Revenue dans la boîte de réception.',
  },
  {
    group: 'Organise',
    later: 'Put off until later',
    now: 'Back to the inbox now',
    pin: 'Pin to the top',
    unpin: 'Unpin',
    pinned: 'Pinned to the top of the folder.',
    unpinned: 'Unpinned.',
    isPinned: 'Pinned',
    back: 'Back in the inbox.',
  },
);
