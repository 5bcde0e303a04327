import { Mail, UserRound } from 'lucide-react';
import { useMemo } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Attachment } from '../../store/types.ts';
import { useCommands } from '../../ui/client.tsx';
import { useBytes } from './bytes.ts';
import { type Person, readCards } from './cards-read.ts';
import { declaredCharset, decode } from './charset.ts';
import { plainName } from './kinds.ts';
import { Unshown, Waiting } from './Shown.tsx';
import { words as bilingualWords } from './words.ts';

const SHOWN = 200;

/** The people of a vCard file. */
export function Cards({ file }: { readonly file: Attachment }) {
  const words = useWords(bilingualWords);
  const fetched = useBytes(file.url);
  const found = useMemo(() => (fetched.state === 'ready' ? tried(fetched.bytes, file.type) : null), [fetched, file.type]);
  if (fetched.state === 'failed') return <Unshown file={file} text={words.failed} />;
  if (found === null) return <Waiting text={words.loading} />;
  if (found === 'damaged') return <Unshown file={file} text={words.damaged} />;
  if (found.length === 0) return <Unshown file={file} text={words.noCard} />;
  return (
    <div className="cards" tabIndex={0} role="document" aria-label={plainName(file.name)}>
      {found.slice(0, SHOWN).map((person, at) => (
        <Card key={at} person={person} />
      ))}
    </div>
  );
}

function tried(bytes: ArrayBuffer, type: string): readonly Person[] | 'damaged' {
  try {
    return readCards(decode(new Uint8Array(bytes), declaredCharset(type)));
  } catch {
    return 'damaged';
  }
}

function Card({ person }: { readonly person: Person }) {
  const words = useWords(bilingualWords);
  const commands = useCommands();
  const lines: readonly (readonly [string, string])[] = [
    [words.organisation, [person.title, person.organisation].filter((one) => one !== '').join(', ')],
    ...person.phones.map((one) => [words.phone, one] as const),
    ...person.addresses.map((one) => [words.address, one] as const),
    ...person.sites.map((one) => [words.site, one] as const),
    [words.birthday, person.birthday],
    [words.notes, person.notes],
  ];
  return (
    <article className="card">
      <h3>
        <UserRound aria-hidden="true" size={20} strokeWidth={1.75} />
        <span>{person.name === '' ? words.untitled : person.name}</span>
      </h3>
      <dl>
        {person.mails.map((address) => (
          <div key={address}>
            <dt>{words.mail}</dt>
            <dd>
              <button type="button" className="card-write" title={words.write} onClick={() => void commands.run('compose', { to: [{ name: person.name, email: address }] })}>
                <Mail aria-hidden="true" size={16} /> {address}
              </button>
            </dd>
          </div>
        ))}
        {lines.map(([label, text], at) =>
          text === '' ? null : (
            <div key={at}>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ),
        )}
      </dl>
    </article>
  );
}
