import { Ellipsis, Pencil, X } from 'lucide-react';
import { lazy, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { Apart, Unloaded } from '../../ui/Apart.tsx';
import { Button } from '../../ui/Button.tsx';

const QuotedView = lazy(() => import('../../render/QuotedView.tsx').then((module) => ({ default: module.QuotedView })));

interface Props {
  readonly html: string;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** What is answered or passed on: folded, kept as it came, and one's own to change or leave out. */
export function Quoted({ html, onEdit, onRemove }: Props) {
  const { compose } = useLanguage().words;
  const [open, setOpen] = useState(false);
  return (
    <div className="quoted">
      <div className="quoted-acts">
        <Button
          icon={Ellipsis}
          small
          look="outline"
          label={open ? compose.hideQuoted : compose.showQuoted}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
        {open && <Button icon={Pencil} small label={compose.editQuoted} onClick={onEdit} />}
        {open && <Button icon={X} small label={compose.removeQuoted} onClick={onRemove} />}
      </div>
      {open && (
        <Apart instead={<Unloaded />}>
          <QuotedView html={html} />
        </Apart>
      )}
    </div>
  );
}
