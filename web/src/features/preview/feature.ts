import { Printer, Save } from 'lucide-react';
import { lazy } from 'react';

import type { ConversationView, Message } from '../../store/types.ts';
import { type Feature, type Page, sheet } from '../../ui/features.tsx';
import type { ViewerProps } from './Viewer.tsx';
import { labels } from './labels.ts';

const Viewer = sheet<ViewerProps>(() => import('./Viewer.tsx').then((module) => module.Viewer));
const Background = lazy(() => import('./PrintKey.tsx').then((module) => ({ default: module.PrintKey })));

const print = (page: Page, messages: readonly Message[]) => void import('./print.ts').then((module) => module.print(page, messages));
const save = (page: Page, messages: readonly Message[] | null) => void import('./eml.ts').then((module) => module.save(page, messages));
const whole = (view: ConversationView) => view.messages.filter((message) => !message.draft);

/** Files and messages looked at, printed and saved without another program. */
export const preview: Feature = {
  id: 'preview',
  Background,
  openFiles: (page, files, at, account) => page.show(Viewer, { files, at, account }),
  saveFiles: (page, files, name) => void import('./save.ts').then((module) => module.saveFiles(page, files, name)),
  messageActs: (page, message) => {
    const words = labels[page.language.locale];
    return [
      { key: 'print', label: words.print, icon: Printer, act: () => print(page, [message]) },
      { key: 'save-eml', label: words.save, icon: Save, act: () => save(page, [message]) },
    ];
  },
  conversationActs: (page, view) => {
    const words = labels[page.language.locale];
    if (view === null) return [{ key: 'save-eml', label: words.saveAll, icon: Save, act: () => save(page, null) }];
    return [
      { key: 'print', label: words.printAll, icon: Printer, hint: 'Ctrl+P', act: () => print(page, whole(view)) },
      { key: 'save-eml', label: words.saveAll, icon: Save, act: () => save(page, view.messages) },
    ];
  },
};
