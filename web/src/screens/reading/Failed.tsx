import { useLanguage } from '../../i18n/index.tsx';
import type { ConversationView } from '../../store/types.ts';
import { useCommands } from '../../ui/client.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { UNKNOWN } from '../../wire/problems.ts';

/** A conversation that didn't come, or the texts of one whose lines are known. */
export function Failed({ view, look }: { readonly view: ConversationView; readonly look: 'page' | 'box' }) {
  const { words } = useLanguage();
  const commands = useCommands();
  const open = (): Promise<void> => commands.run('open-conversation', { account: view.account, thread: view.thread });
  return <Trouble look={look} what={words.reading.failed} problem={view.problem ?? UNKNOWN} onRetry={open} />;
}
