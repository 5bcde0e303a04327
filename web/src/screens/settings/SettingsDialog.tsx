import { ChevronLeft, SlidersHorizontal } from 'lucide-react';
import { type ComponentType, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import type { Me } from '../../store/types.ts';
import { Apart, Unloaded } from '../../ui/Apart.tsx';
import { Button } from '../../ui/Button.tsx';
import { useRead } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { type Feature, type Page, type SettingsPanel, useFeatures, usePage } from '../../ui/features.tsx';
import { useMedia } from '../../ui/timing.ts';
import { GeneralPanel } from './GeneralPanel.tsx';

interface Props {
  readonly me: Me;
  /** Which part to open first. */
  readonly panel?: string | null;
  readonly onClose: () => void;
}

type Part = Omit<SettingsPanel, 'Panel'> & { readonly Panel: ComponentType<{ readonly me: Me }> };

function partsOf(features: readonly Feature[], page: Page, general: Part): readonly Part[] {
  const more: readonly Part[] = features.flatMap((feature) => feature.settings?.(page) ?? []);
  return [general, ...more].toSorted((one, other) => one.order - other.order);
}

/** The one that was chosen; before that the first, or none on a phone, where the names come first. */
function openPart(parts: readonly Part[], chosen: string | null, narrow: boolean): Part | null {
  const first = narrow && parts.length > 1 ? null : (parts[0] ?? null);
  return parts.find(({ id }) => id === chosen) ?? first;
}

/** All that one can choose, by parts. On a phone first the names, then one part. */
export function SettingsDialog({ me: opener, panel, onClose }: Props) {
  // What is chosen here changes who one is: the sheet was opened with what was known before.
  const me = useRead((store) => store.me()) ?? opener;
  const { words } = useLanguage();
  const page = usePage();
  const features = useFeatures();
  const narrow = useMedia('(max-width: 719px)');
  const [chosen, setChosen] = useState(panel ?? null);
  const general: Part = { id: 'general', title: words.settings.general, icon: SlidersHorizontal, order: 0, Panel: GeneralPanel };
  const parts = partsOf(features, page, general);
  const several = parts.length > 1;
  const open = openPart(parts, chosen, narrow);
  const alone = narrow && open !== null;
  return (
    <Dialog title={words.settings.title} onClose={onClose} wide={several}>
      <div className="settings-parts">
        {several && !alone && <Names parts={parts} open={open} onChoose={setChosen} />}
        {open !== null && <Open part={open} me={me} {...(alone && several ? { onBack: () => setChosen(null) } : {})} />}
      </div>
    </Dialog>
  );
}

function Open({ part, me, onBack }: { readonly part: Part; readonly me: Me; readonly onBack?: () => void }) {
  const { words } = useLanguage();
  return (
    <section className="settings-part" aria-labelledby="settings-part-title">
      <h3 id="settings-part-title" className="settings-title">
        {onBack !== undefined && <Button icon={ChevronLeft} label={words.settings.all} wordless small onClick={onBack} />}
        {part.title}
      </h3>
      <Apart key={part.id} waiting={<p className="soft">{words.settings.loading}</p>} instead={<Unloaded />}>
        <part.Panel me={me} />
      </Apart>
    </section>
  );
}

interface NamesProps {
  readonly parts: readonly Part[];
  readonly open: Part | null;
  readonly onChoose: (id: string) => void;
}

function Names({ parts, open, onChoose }: NamesProps) {
  const { words } = useLanguage();
  return (
    <nav className="settings-names" aria-label={words.settings.title}>
      {parts.map(({ id, title, icon }) => (
        <Button key={id} icon={icon} label={title} aria-current={id === open?.id ? 'page' : undefined} onClick={() => onChoose(id)} />
      ))}
    </nav>
  );
}
