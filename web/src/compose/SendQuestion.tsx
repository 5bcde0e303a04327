import { useLanguage } from '../i18n/index.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import type { Question } from './checks.ts';

interface Props {
  readonly question: Question;
  readonly onBack: () => void;
  readonly onSend: () => void;
}

export function SendQuestion({ question, onBack, onSend }: Props) {
  const { compose } = useLanguage().words;
  const forgotten = question.kind === 'forgotten';
  return (
    <Dialog
      title={forgotten ? compose.forgottenTitle : compose.noSubjectTitle}
      onClose={onBack}
      footer={
        <>
          <Button label={compose.sendAnyway} look="outline" onClick={onSend} />
          <Button label={compose.goBack} look="primary" data-first onClick={onBack} />
        </>
      }
    >
      <p>{forgotten ? compose.forgotten(question.word) : compose.noSubject}</p>
    </Dialog>
  );
}
