import { useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { HtmlBody } from '../../render/HtmlBody.tsx';
import { TextBody } from '../../render/TextBody.tsx';
import type { AccountId, Address, Attachment, EmailId } from '../../store/types.ts';
import { useClient } from '../../ui/client.tsx';
import { nameOf } from '../../ui/people.ts';
import { problemOf } from '../../wire/problems.ts';
import type { Unfetched } from './bytes.ts';
import { plainName } from './kinds.ts';
import { type Inside, parseMail } from './parse.ts';
import { Unread, Unshown, Waiting } from './Shown.tsx';
import { words as bilingualWords } from './words.ts';

interface Props {
  readonly file: Attachment;
  readonly account: AccountId;
  readonly onFiles: (files: readonly Attachment[], at: number) => void;
}

type Parsed = { readonly state: 'loading' } | { readonly state: 'damaged' } | Unfetched | { readonly state: 'ready'; readonly mail: Inside };

/** A message that came as a file: drawn as any other message is. */
export function Mail({ file, account, onFiles }: Props) {
  const words = useWords(bilingualWords);
  const parsed = useParsed(file, account);
  if (parsed.state === 'loading') return <Waiting text={words.loading} />;
  if (parsed.state === 'damaged') return <Unshown file={file} text={words.damaged} />;
  if (parsed.state === 'failed') return <Unread {...parsed} />;
  return (
    <div className="paper" tabIndex={0} role="document" aria-label={plainName(file.name)}>
      <Heading mail={parsed.mail} />
      <Body mail={parsed.mail} blob={file.blob as string as EmailId} />
      <Files files={parsed.mail.body.attachments} onFiles={onFiles} />
    </div>
  );
}

function useParsed(file: Attachment, account: AccountId): Parsed {
  const { services } = useClient();
  const [tries, setTries] = useState(0);
  const [parsed, setParsed] = useState<Parsed>({ state: 'loading' });
  useEffect(() => {
    let left = false;
    parseMail(services.jmap, account, file.blob).then(
      (mail) => !left && setParsed(mail === null ? { state: 'damaged' } : { state: 'ready', mail }),
      (caught: unknown) => !left && setParsed({ state: 'failed', problem: problemOf(caught), again: () => setTries(tries + 1) }),
    );
    return () => {
      left = true;
    };
  }, [services, account, file.blob, tries]);
  return parsed;
}

function Heading({ mail }: { readonly mail: Inside }) {
  const language = useLanguage();
  const words = useWords(bilingualWords);
  const lines: readonly (readonly [string, string])[] = [
    [words.from, people(mail.from)],
    [words.to, people(mail.to)],
    [words.cc, people(mail.cc)],
    [words.date, mail.sentAt === null ? '' : language.longDate(mail.sentAt)],
  ];
  return (
    <header className="inside-head">
      <h3>{mail.subject.trim() === '' ? words.noSubject : mail.subject}</h3>
      <dl>
        {lines.map(([label, text]) =>
          text === '' ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ),
        )}
      </dl>
    </header>
  );
}

function people(list: readonly Address[]): string {
  return list.map((one) => (one.name === null || one.name === '' ? one.email : `${one.name} <${one.email}>`)).join(', ');
}

function Body({ mail, blob }: { readonly mail: Inside; readonly blob: EmailId }) {
  const { words } = useLanguage();
  const { body } = mail;
  return body.parts.map((part, at) => {
    if (part.kind === 'html') {
      return <HtmlBody key={at} html={part.value} pictures={body.parts} files={body.attachments} from={mail.from.map(nameOf).join(', ')} email={blob} sender={null} />;
    }
    if (part.kind === 'text') return <TextBody key={at} text={part.value} words={words.reading} />;
    return <img key={at} className="body-picture" src={part.attachment.url} alt={part.attachment.name} />;
  });
}

function Files({ files, onFiles }: { readonly files: readonly Attachment[]; readonly onFiles: Props['onFiles'] }) {
  const language = useLanguage();
  const words = useWords(bilingualWords);
  if (files.length === 0) return null;
  return (
    <section className="inside-files" aria-label={words.files}>
      <h4>{words.files}</h4>
      <ul>
        {files.map((file, at) => (
          <li key={`${file.blob}-${at}`}>
            <button type="button" className="inside-file" onClick={() => onFiles(files, at)}>
              <bdi>{plainName(file.name) || words.nameless}</bdi>
              <span>{language.size(file.size)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
