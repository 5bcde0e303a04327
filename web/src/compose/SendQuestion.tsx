import { useLanguage, type Words } from '../i18n/index.tsx';
import { useWords } from '../i18n/words.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { nameOf } from '../ui/people.ts';
import type { Question } from './checks.ts';
import { WORDS } from './words.ts';
import { WRITING_WORDS } from './writing-words.ts';

interface Props {
  readonly question: Question;
  readonly onBack: () => void;
  readonly onSend: () => void;
}

function titleOf(question: Question, words: Words, more: typeof WORDS.fr & typeof WRITING_WORDS.fr): string {
  switch (question.kind) {
    case 'forgotten':
      return words.compose.forgottenTitle;
    case 'no-subject':
      return words.compose.noSubjectTitle;
    case 'open-field':
      return more.openFieldTitle;
    case 'feature':
      return question.title;
    case 'outside':
      return more.outsideTitle;
  }
}

export function SendQuestion({ question, onBack, onSend }: Props) {
  const { words } = useLanguage();
  const { compose } = words;
  const [asking, writing] = [useWords(WORDS), useWords(WRITING_WORDS)];
  const more = { ...asking, ...writing };
  return (
    <Dialog
      title={titleOf(question, words, more)}
      onClose={onBack}
      footer={
        <>
          <Button label={compose.sendAnyway} look="outline" onClick={onSend} />
          <Button label={compose.goBack} look="primary" data-first onClick={onBack} />
        </>
      }
    >
      {question.kind === 'forgotten' && <p>{compose.forgotten(question.word)}</p>}
      {question.kind === 'open-field' && <p>{more.openField(question.field)}</p>}
      {question.kind === 'feature' && <p>{question.text}</p>}
      {question.kind === 'no-subject' && <p>{compose.noSubject}</p>}
      {question.kind === 'outside' && (
        <>
          <p>{question.first ? more.outsideFirst : more.outsideAlways}</p>
          <ul className="outside-people">
            {question.people.map((person) => (
              <li key={person.email}>
                {nameOf(person)} {person.name !== null && <span className="soft">{person.email}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
