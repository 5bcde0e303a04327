import { useLanguage } from '../i18n/index.tsx';
import type { Notice } from '../store/types.ts';
import { Button } from './Button.tsx';
import { useCommands } from './client.tsx';
import { Trouble } from './Trouble.tsx';

/** Something that one did and that was taken back: said until it is noted. */
export function NoticeLine({ notice, look, quiet }: { readonly notice: Notice; readonly look: 'box' | 'line'; readonly quiet?: boolean }) {
  const { problems, actions } = useLanguage().words;
  const commands = useCommands();
  const what = {
    'change-refused': problems.changeRefused,
    'folder-refused': problems.folderRefused,
    'draft-refused': problems.draftRefused,
    'settings-refused': problems.settingsRefused,
    unloaded: problems.unloaded,
  }[notice.kind];
  return (
    <Trouble look={look} quiet={quiet === true} what={what} problem={notice.problem}>
      <Button label={actions.close} small onClick={() => void commands.run('dismiss-notice', { id: notice.id })} />
    </Trouble>
  );
}
