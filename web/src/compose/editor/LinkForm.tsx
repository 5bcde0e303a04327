import type { Editor } from '@tiptap/react';
import { type KeyboardEvent, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';

/** Where the chosen words lead. */
export function LinkForm({ editor, onDone }: { readonly editor: Editor; readonly onDone: () => void }) {
  const { compose } = useLanguage().words;
  const present = String(editor.getAttributes('link')['href'] ?? '');
  const [address, setAddress] = useState(present);
  const apply = (): void => {
    const text = address.trim();
    const href = /^(?:https?:|mailto:|tel:)/i.test(text) ? text : `https://${text}`;
    const chain = editor.chain().focus().extendMarkRange('link');
    if (text === '') chain.unsetLink().run();
    else if (editor.state.selection.empty && present === '') {
      chain.insertContent({ type: 'text', text, marks: [{ type: 'link', attrs: { href } }] }).run();
    } else chain.setLink({ href }).run();
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      event.preventDefault();
      apply();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      onDone();
      editor.commands.focus();
    }
  };
  return (
    <div className="link-form">
      <input
        className="input"
        type="url"
        autoFocus
        aria-label={compose.linkAddress}
        placeholder="https://"
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <Button label={present !== '' && address.trim() === '' ? compose.linkRemove : compose.linkApply} look="outline" small onClick={apply} />
    </div>
  );
}
