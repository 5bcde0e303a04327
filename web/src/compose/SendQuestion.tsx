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
  /** Move those in sight to the blind copies, then go on. */
  readonly onHide: () => void;
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
    case 'in-sight':
      return more.inSightTitle;
    case 'outside':
      return more.outsideTitle;
  }
}

export function SendQuestion({ question, onBack, onSend, onHide }: Props) {
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
          {question.kind === 'in-sight' ? (
            <Button label={more.outOfSight} look="primary" data-first onClick={onHide} />
          ) : (
            <Button label={compose.goBack} look="primary" data-first onClick={onBack} />
          )}
        </>
      }
    >
      <Asked question={question} />
    </Dialog>
  );
}

function Asked({ question }: Pick<Props, 'question'>) {
  const { compose } = useLanguage().words;
  const [asking, writing] = [useWords(WORDS), useWords(WRITING_WORDS)];
  switch (question.kind) {
    case 'forgotten':
      return <p>{compose.forgotten(question.word)}</p>;
    case 'no-subject':
      return <p>{compose.noSubject}</p>;
    case 'open-field':
      return <p>{writing.openField(question.field)}</p>;
    case 'feature':
      return <p>{question.text}</p>;
    case 'in-sight':
      return (
        <>
          <p>{question.answer ? writing.inSightAnswer(question.count) : writing.inSight(question.count)}</p>
          <p className="soft">{question.answer ? writing.outOfSightWhyAnswer : writing.outOfSightWhy}</p>
        </>
      );
    case 'outside':
      return (
        <>
          <p>{question.first ? asking.outsideFirst : asking.outsideAlways}</p>
          <ul className="outside-people">
            {question.people.map((person) => (
              <li key={person.email}>
                {nameOf(person)} {person.name !== null && <span className="soft">{person.email}</span>}
              </li>
            ))}
          </ul>
        </>
      );
  }
}
