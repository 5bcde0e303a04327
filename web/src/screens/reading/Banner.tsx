import { Info, TriangleAlert } from 'lucide-react';

import { Button } from '../../ui/Button.tsx';

interface Props {
  readonly text: string;
  readonly warning?: boolean;
  readonly act?: string;
  readonly onAct?: () => void;
}

/** One sentence and one button. */
export function Banner({ text, warning, act, onAct }: Props) {
  const Icon = warning ? TriangleAlert : Info;
  return (
    <div className={warning ? 'banner banner-warning' : 'banner'} role={warning ? 'alert' : 'note'}>
      <Icon aria-hidden="true" size={18} strokeWidth={1.75} />
      <p>{text}</p>
      {act !== undefined && <Button label={act} small look="outline" onClick={onAct} />}
    </div>
  );
}
