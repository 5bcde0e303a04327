import { useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import type { Message } from '../../store/types.ts';
import { useCommands } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { paneWords } from '../words.ts';

/** More than anyone reads of an encoded file; the whole is a download away. */
const SHOWN_AT_MOST = 200_000;

/** A message as it came: its headers, and its text as it was written. */
export function SourceDialog({ message, onClose }: { readonly message: Message; readonly onClose: () => void }) {
  const words = useWords(paneWords);
  const { settings } = useLanguage().words;
  const commands = useCommands();
  const [text, setText] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let wanted = true;
    commands.sourceOf(message.account, message.id).then(
      (source) => wanted && setText(source),
      (caught: unknown) => wanted && setProblem(problemOf(caught)),
    );
    return () => {
      wanted = false;
    };
  }, [commands, message, tries]);
  return (
    <Dialog title={words.source} onClose={onClose} wide>
      {text === null && problem === null && <p className="soft">{settings.loading}</p>}
      {text === null && problem !== null && <Trouble what={words.sourceFailed} problem={problem} onRetry={() => setTries(tries + 1)} />}
      {text !== null && (
        <pre className="message-source" tabIndex={0} role="document" aria-label={words.source}>
          {text.slice(0, SHOWN_AT_MOST)}
        </pre>
      )}
    </Dialog>
  );
}
