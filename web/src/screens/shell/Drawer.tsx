import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import type { Me } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { FolderPane } from '../folders/FolderPane.tsx';

/** The folders over the page, where there is no room beside it. */
export function Drawer({ me, onClose }: { readonly me: Me; readonly onClose: () => void }) {
  const { words } = useLanguage();
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = sheet.current;
    if (element?.open === false) element.showModal();
  }, []);
  return (
    <dialog
      ref={sheet}
      className="drawer"
      aria-label={words.folders.title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === sheet.current) onClose();
      }}
    >
      <div className="drawer-inside">
        <div className="drawer-head">
          <span className="brand">
            <span className="brand-product">{words.product}</span>
            <span className="brand-academy">{me.academy.name}</span>
          </span>
          <Button icon={X} wordless label={words.folders.hide} onClick={onClose} />
        </div>
        <FolderPane me={me} onChosen={onClose} />
      </div>
    </dialog>
  );
}
