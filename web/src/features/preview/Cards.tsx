import { Mail, UserRound } from 'lucide-react';

import { useWords } from '../../i18n/words.ts';
import type { Attachment } from '../../store/types.ts';
import { useCommands } from '../../ui/client.tsx';
import { CardList, type Listed } from './CardList.tsx';
import { type Person, readCards } from './cards-read.ts';
import { words as bilingualWords } from './words.ts';

const SHOWN = 200;

/** The people of a vCard file. */
export function Cards({ file }: { readonly file: Attachment }) {
  const words = useWords(bilingualWords);
  return <CardList file={file} read={peopleOf} none={words.noCard} more={words.moreCards} draw={(person) => <Card person={person} />} />;
}

function peopleOf(text: string): Listed<Person> {
  const { people, count } = readCards(text, SHOWN);
  return { items: people, count };
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
        {person.photo === '' ? <UserRound aria-hidden="true" size={20} strokeWidth={1.75} /> : <img className="card-photo" src={person.photo} alt="" />}
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
