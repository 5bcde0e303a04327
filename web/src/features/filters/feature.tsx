import { Filter, TreePalm } from 'lucide-react';
import { lazy } from 'react';

import type { Me, Message } from '../../store/types.ts';
import { type Feature, sheet } from '../../ui/features.tsx';
import { isAway } from './away.ts';

const FiltersPanel = lazy(async () => ({ default: (await import('./FiltersPanel.tsx')).FiltersPanel }));
const AbsencePanel = lazy(async () => ({ default: (await import('./AbsencePanel.tsx')).AbsencePanel }));
const AbsenceBanner = lazy(async () => ({ default: (await import('./AbsenceBanner.tsx')).AbsenceBanner }));
const RuleSheet = sheet<{ readonly me: Me; readonly message: Message | null }>(async () => (await import('./RuleSheet.tsx')).RuleSheet);

/** The banner's code is fetched only while somebody is away. */
function Away({ me }: { readonly me: Me }) {
  return isAway(me.settings['absence'], new Date()) ? <AbsenceBanner me={me} /> : null;
}

/** Rules for mail that arrives, and absence. */
export const FILTERS: Feature = {
  id: 'filters',
  PageFoot: Away,
  settings: ({ language: { locale } }) => [
    { id: 'filters', title: locale === 'fr' ? 'Filtres' : 'Filters', icon: Filter, order: 30, Panel: FiltersPanel },
    { id: 'absence', title: 'Absence', icon: TreePalm, order: 31, Panel: AbsencePanel },
  ],
  messageActs: ({ me, show, language: { locale } }, message) =>
    message.account !== me.account || message.draft
      ? []
      : [
          {
            key: 'filter',
            label: locale === 'fr' ? 'Créer un filtre à partir de ce message' : 'Create a filter from this message',
            icon: Filter,
            act: () => show(RuleSheet, { me, message }),
          },
        ],
  acts: ({ me, show, language: { locale, words } }) => [
    { id: 'create-filter', label: locale === 'fr' ? 'Créer un filtre' : 'Create a filter', group: words.settings.title, icon: Filter, run: () => show(RuleSheet, { me, message: null }) },
  ],
};
