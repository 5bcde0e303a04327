import type { Attachment } from '../../store/types.ts';
import { type Page, sheet } from '../../ui/features.tsx';
import { askBytes } from '../../wire/http.ts';
import { fileName } from './kinds.ts';
import type { SavingProps } from './Saving.tsx';
import { savingWords } from './saving-words.ts';

export const Saving = sheet<SavingProps>(() => import('./Saving.tsx').then((module) => module.Saving));

/** All files of a message as one zip, called after its subject. */
export function saveFiles(page: Page, files: readonly Attachment[], subject: string): void {
  const words = savingWords[page.language.locale];
  const items = files.map((file) => ({
    name: fileName(file.name, words.nameless),
    load: (signal: AbortSignal) => askBytes(page.services.road, file.url, { signal }),
  }));
  page.show(Saving, { name: `${fileName(subject, words.files)}.zip`, items });
}
