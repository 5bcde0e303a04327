import { useId } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { sectionOf } from '../../store/choices.ts';
import type { Me } from '../../store/types.ts';
import { useCommands } from '../../ui/client.tsx';
import { useSettings } from '../../ui/settings.tsx';
import { useMedia } from '../../ui/timing.ts';
import { paneWords } from '../words.ts';

/** Choices that apply at once; nothing to save. */
export function GeneralPanel({ me }: { readonly me: Me }) {
  const { words } = useLanguage();
  const commands = useCommands();
  const { settings, theme, change } = useSettings();
  const split = useMedia('(min-width: 720px)');
  const text = words.settings;
  const panes = useWords(paneWords);
  return (
    <div className="settings">
        <p className="soft">{text.saved}</p>
        <Choice
          legend={text.language}
          languages
          value={me.locale}
          choices={[
            ['fr', text.french],
            ['en', text.english],
          ]}
          onChoose={(locale) => void commands.run('set-locale', { locale })}
        />
        <Choice
          legend={text.theme}
          value={theme}
          choices={[
            ['auto', text.auto],
            ['light', text.light],
            ['dark', text.dark],
          ]}
          onChoose={(chosen) => void commands.run('set-theme', { theme: chosen })}
        />
        <Choice
          legend={text.density}
          value={settings.density}
          choices={[
            ['comfortable', text.comfortable],
            ['compact', text.compact],
          ]}
          onChoose={(density) => change({ density })}
        />
        <Choice
          legend={panes.grouping}
          value={sectionOf(me, 'reading')['conversations'] === false ? 'single' : 'grouped'}
          choices={[
            ['grouped', panes.grouped],
            ['single', panes.single],
          ]}
          onChoose={(chosen) =>
            void commands.run('save-settings', { section: 'reading', value: { ...sectionOf(me, 'reading'), conversations: chosen === 'grouped' } })
          }
        />
        {split && (
          <Choice
            legend={text.pane}
            value={settings.pane}
            choices={[
              ['right', text.right],
              ['below', panes.below],
              ['none', text.none],
            ]}
            onChoose={(pane) => change({ pane })}
          />
        )}
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly legend: string;
  readonly value: Value;
  /** Each choice is the name of a language, in that language. */
  readonly languages?: boolean;
  readonly choices: readonly (readonly [Value, string])[];
  readonly onChoose: (value: Value) => void;
}

function Choice<Value extends string>({ legend, value, languages, choices, onChoose }: ChoiceProps<Value>) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend className="choice-legend">{legend}</legend>
      <div className="choice-options">
        {choices.map(([choice, label]) => (
          <label key={choice} className="choice-option">
            <input type="radio" name={name} checked={choice === value} onChange={() => onChoose(choice)} />
            <span lang={languages === true ? choice : undefined}>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
