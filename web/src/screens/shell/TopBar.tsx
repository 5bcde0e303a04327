import { Accessibility, CircleQuestionMark, Keyboard, LogOut, Menu as MenuIcon, Settings, UserRound } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands } from '../../ui/client.tsx';
import { Slot } from '../../ui/features.tsx';
import { KEYS } from '../../ui/keys.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { initialsOf } from '../../ui/people.ts';
import { useSettings } from '../../ui/settings.tsx';
import { useMedia } from '../../ui/timing.ts';
import type { SheetName } from '../sheets.ts';
import { SearchBox } from './SearchBox.tsx';

interface Props {
  readonly me: Me;
  readonly onSheet: (sheet: SheetName) => void;
  readonly onDrawer: () => void;
}

export function TopBar({ me, onSheet, onDrawer }: Props) {
  const { words } = useLanguage();
  const { settings, change } = useSettings();
  const wide = useMedia('(min-width: 1024px)');
  const shown = wide && settings.folders;
  return (
    <header className="topbar">
      <div className="topbar-start">
        <Button
          icon={MenuIcon}
          wordless
          label={shown ? words.folders.hide : words.folders.show}
          aria-expanded={shown}
          onClick={() => (wide ? change({ folders: !settings.folders }) : onDrawer())}
        />
        <span className="brand" title={me.academy.name}>
          <span className="brand-product">{words.product}</span>
          <span className="brand-academy">{me.academy.name}</span>
        </span>
      </div>
      <SearchBox />
      <div className="topbar-end">
        <span className="topbar-wide">
          <Button icon={Keyboard} wordless label={words.settings.help} act="help" onClick={() => onSheet('help')} />
          <Button icon={Settings} wordless label={words.settings.open} onClick={() => onSheet('settings')} />
        </span>
        <span className="topbar-added">
          <Slot name="TopBar" with={{ me }} />
        </span>
        <AccountMenu me={me} onSheet={onSheet} />
      </div>
    </header>
  );
}

function AccountMenu({ me, onSheet }: Pick<Props, 'me' | 'onSheet'>) {
  const { settings } = useLanguage().words;
  const commands = useCommands();
  const fingers = useMedia('(hover: none) and (pointer: coarse)');
  const label = settings.account(me.name);
  return (
    <Menu
      label={label}
      trigger={(props) => (
        <button type="button" className="account-button" aria-label={label} title={`${me.name}\n${me.address}`} {...props}>
          <span className="initials" aria-hidden="true">
            {initialsOf({ name: me.name, email: me.address })}
          </span>
        </button>
      )}
      items={[
        { key: 'account', label: settings.myAccount, icon: UserRound, href: '/compte/' },
        { key: 'guide', label: settings.guide, icon: CircleQuestionMark, href: '/aide/' },
        { key: 'accessibility', label: settings.accessibility, icon: Accessibility, href: '/accessibilite/' },
        { key: 'settings', label: settings.open, icon: Settings, act: () => onSheet('settings') },
        ...(fingers ? [] : [{ key: 'help', label: settings.help, icon: Keyboard, hint: KEYS.help, act: () => onSheet('help') }]),
        { key: 'out', label: settings.signOut, icon: LogOut, act: () => void commands.run('sign-out', {}) },
      ]}
    />
  );
}
