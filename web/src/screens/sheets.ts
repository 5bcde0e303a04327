import type { Targets } from '../commands/types.ts';
import type { Me } from '../store/types.ts';
import { type Page, sheet } from '../ui/features.tsx';

const HELP = sheet(() => import('./settings/HelpDialog.tsx').then((module) => module.HelpDialog));
const SETTINGS = sheet<{ readonly me: Me; readonly panel?: string | null }>(() => import('./settings/SettingsDialog.tsx').then((module) => module.SettingsDialog));
const MOVE = sheet<{ readonly targets?: Targets }>(() => import('./MoveButton.tsx').then((module) => module.MoveDialog));

export type SheetName = 'settings' | 'help' | 'move';

/** Open one of the page's own sheets; `panel` is the part of the settings to begin with. */
export function openSheet(page: Page, name: SheetName, panel: string | null = null): void {
  switch (name) {
    case 'settings':
      page.show(SETTINGS, { me: page.me, panel });
      break;
    case 'help':
      page.show(HELP, {});
      break;
    case 'move':
      page.show(MOVE, {});
  }
}
