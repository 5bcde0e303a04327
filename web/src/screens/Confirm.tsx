import { useLanguage } from '../i18n/index.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';

interface Props {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly danger?: boolean;
  readonly onYes: () => void;
  readonly onClose: () => void;
}

/** A question before what can't be undone. */
export function Confirm({ title, text, yes, danger, onYes, onClose }: Props) {
  const { words } = useLanguage();
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button label={words.actions.cancel} look="outline" data-first onClick={onClose} />
          <Button
            label={yes}
            look={danger ? 'danger' : 'primary'}
            onClick={() => {
              onClose();
              onYes();
            }}
          />
        </>
      }
    >
      <p>{text}</p>
    </Dialog>
  );
}
