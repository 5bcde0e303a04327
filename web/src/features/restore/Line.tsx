import { ChevronDown, ChevronUp } from 'lucide-react';
import { useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { AccountId, Problem } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf } from '../../wire/problems.ts';
import { placeName } from './place.ts';
import { type DeletedMessage, look } from './service.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly account: AccountId;
  readonly message: DeletedMessage;
  readonly chosen: boolean;
  readonly onToggle: () => void;
}

/** One deleted message; unfolded, what it says. */
export function Line({ account, message, chosen, onToggle }: Props) {
  const { shortDate, longDate, words: common } = useLanguage();
  const words = useWords(WORDS);
  const [open, setOpen] = useState(false);
  const subject = message.subject === '' ? words.noSubject : message.subject;
  const from = message.sender.name || message.sender.email || words.noSender;
  return (
    <li>
      <div className="restore-line">
        <label className="picking-line restore-choice">
          <input type="checkbox" checked={chosen} onChange={onToggle} aria-label={words.choose(subject)} />
          <span className="picking-title">
            <span title={subject}>
              {message.draft && <span className="restore-mark">{words.draft}</span>}
              {subject}
            </span>
            <span className="soft" title={message.sender.email}>
              {from}
            </span>
          </span>
        </label>
        <span className="restore-when soft">
          <time dateTime={message.deletedAt} title={longDate(message.deletedAt)}>
            {words.deleted(shortDate(message.deletedAt))}
          </time>
          <span>{words.was(placeName(message.folder, common))}</span>
        </span>
        <Button
          icon={open ? ChevronUp : ChevronDown}
          label={open ? words.hide(subject) : words.look(subject)}
          wordless
          small
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
      </div>
      {open && <Text account={account} message={message} />}
    </li>
  );
}

interface Seen {
  readonly text: string;
  readonly files: readonly string[];
}

function Text({ account, message }: { readonly account: AccountId; readonly message: DeletedMessage }) {
  const language = useLanguage();
  const words = useWords(WORDS);
  const { road } = useClient().services;
  const [seen, setSeen] = useState<Seen | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    look(road, account, message.id, stop.signal).then(setSeen, (caught: unknown) => {
      if (!stop.signal.aborted) setProblem(problemOf(caught));
    });
    return () => stop.abort();
  }, [road, account, message.id, tries]);
  if (seen === null && problem !== null) return <Trouble problem={problem} onRetry={() => setTries(tries + 1)} />;
  if (seen === null) return <p role="status">{words.looking}</p>;
  return (
    <div className="restore-text" tabIndex={0} role="document" aria-label={words.look(message.subject)}>
      <p className="soft">{language.longDate(message.receivedAt)}</p>
      <p>{seen.text === '' ? words.noText : seen.text}</p>
      {seen.files.length > 0 && (
        <p className="soft">
          {words.files} {seen.files.join(', ')}
        </p>
      )}
    </div>
  );
}
