import type { Commands } from '../commands/types.ts';

/** To the trash; where it is in the trash already, the button that asks before the end is pressed instead. */
export function deleteOrAsk(commands: Commands): void {
  const asking = document.querySelector<HTMLElement>('[data-act="destroy"]');
  if (asking === null) void commands.run('delete', {});
  else asking.click();
}
