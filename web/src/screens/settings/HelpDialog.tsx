import { Keyboard } from 'lucide-react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { sectionOf } from '../../store/choices.ts';
import { Button } from '../../ui/Button.tsx';
import { useRead } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { type Act, useFeatures, usePage } from '../../ui/features.tsx';
import { isCharacter, keysInWords, useShortcuts } from '../../ui/keys.tsx';
import { keyWords } from '../words.ts';

/** Every key, by what one wants to do: the acts of the page and of its features, as they are. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const { words } = useLanguage();
  const page = usePage();
  const acts = useFeatures().flatMap((feature) => feature.acts?.(page) ?? []);
  const palette = acts.find(({ id }) => id === 'palette');
  const groups = Map.groupBy(acts.filter(({ keys }) => keys !== undefined), ({ group }) => group);
  return (
    <Dialog title={words.keys.title} onClose={onClose} wide>
      <ShortcutsChoice />
      {palette !== undefined && (
        <Button
          icon={palette.icon ?? Keyboard}
          label={palette.label}
          look="outline"
          act="palette"
          data-first
          onClick={() => {
            onClose();
            setTimeout(palette.run);
          }}
        />
      )}
      <div className="key-groups">
        {[...groups].map(([title, lines]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {lines.map((act) => (
                <Line key={act.id} act={act} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** Keys of one character can be switched off: voice control and a clumsy hand press them without meaning to. */
function ShortcutsChoice() {
  const { commands } = usePage();
  const text = useWords(keyWords);
  const reading = sectionOf(useRead((store) => store.me()), 'reading');
  const on = reading['shortcuts'] !== false;
  return (
    <label className="key-choice">
      <input
        type="checkbox"
        checked={on}
        onChange={() => void commands.run('save-settings', { section: 'reading', value: { ...reading, shortcuts: !on } })}
      />
      <span>{text.single}</span>
    </label>
  );
}

function Line({ act }: { readonly act: Act }) {
  const { words } = useLanguage();
  const shortcuts = useShortcuts();
  const keys = act.keys ?? '';
  const off = !shortcuts && isCharacter(keys);
  return (
    <div data-off={off || undefined}>
      <dt>
        {keysInWords(keys, words).map((step, at) => (
          <span key={at} className="key-step">
            {at > 0 && <span>{words.keys.then}</span>}
            {step.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </span>
        ))}
      </dt>
      <dd>{act.label}</dd>
    </div>
  );
}
