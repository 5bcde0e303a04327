import { Tag } from 'lucide-react';
import { lazy } from 'react';

import { type Feature, sheet } from '../../ui/features.tsx';
import { words } from './words.ts';

const Picker = sheet<object>(() => import('./Picker.tsx').then((module) => module.Picker));
const drawn = () => import('./drawn.ts');

/** Labels: keywords that every mail program sees, with a name and a colour here. */
export const labels: Feature = {
  id: 'labels',
  acts: (page) => {
    const { act, group } = words[page.language.locale];
    return [{ id: 'label', label: act, group, icon: Tag, keys: 'l', typed: true, run: () => page.show(Picker, {}) }];
  },
  conversationActs: (page) => [
    { key: 'label', label: words[page.language.locale].act, icon: Tag, hint: 'L', act: () => page.show(Picker, {}) },
  ],
  settings: (page) => [
    {
      id: 'labels', title: words[page.language.locale].title, icon: Tag, order: 30,
      Panel: lazy(() => import('./LabelsPanel.tsx').then((module) => ({ default: module.LabelsPanel }))),
    },
  ],
  Sidebar: lazy(() => drawn().then((module) => ({ default: module.LabelPane }))),
  RowMarks: lazy(() => drawn().then((module) => ({ default: module.RowLabels }))),
  ConversationTop: lazy(() => drawn().then((module) => ({ default: module.ConversationLabels }))),
};
