import { ArrowDown, ArrowUp, MailCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

import type { Services } from '../../commands/types.ts';
import { useWords } from '../../i18n/words.ts';
import { writingChoices } from '../../store/writing/writing-choices.ts';
import type { Address, Message } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useRead } from '../../ui/client.tsx';
import { usePage } from '../../ui/features.tsx';
import { nameOf } from '../../ui/people.ts';
import { Trouble } from '../../ui/Trouble.tsx';
import { Batch } from '../../wire/batch.ts';
import { ask } from '../../wire/http.ts';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { WORDS } from './words.ts';
import './receipts.css';

export function Marks({ message, asked }: { readonly message: Message; readonly asked: boolean }) {
  const words = useWords(WORDS);
  const { me } = usePage();
  const own = message.from.some(({ email }) => me.identities.some((one) => one.email.toLowerCase() === email.toLowerCase()));
  const Icon = message.priority === 'high' ? ArrowUp : ArrowDown;
  return (
    <>
      {message.priority !== 'normal' && (
        <p className={message.priority === 'high' ? 'priority-mark priority-high' : 'priority-mark'}>
          <Icon aria-hidden="true" size={16} strokeWidth={2} />
          {message.priority === 'high' ? words.high : words.low}
        </p>
      )}
      {asked && !own && <Asked message={message} />}
    </>
  );
}

type State = 'asked' | 'sending' | 'told' | 'declined';

function tellSender(services: Services, { account, id }: Message, byItself: boolean): Promise<unknown> {
  return ask(services.road, '/api/writing/receipts', { method: 'POST', body: { accountId: account, emailId: id, byItself } });
}

/** Marked as answered, so that it is never asked again, here or elsewhere. */
async function declineReceipt(services: Services, { account, id }: Message): Promise<void> {
  const batch = new Batch();
  const set = batch.add('Email/set', { accountId: account, update: { [id]: { 'keywords/$mdnsent': true } } });
  (await services.jmap.send(batch, { background: false })).of(set);
}

/**
 * Nothing is said without the reader's will; an address that isn't the sender's is never answered by itself
 * (RFC 8098 §2.1), and nobody whose message lies among the junk learns that it was read.
 */
function Asked({ message }: { readonly message: Message }) {
  const { me } = usePage();
  const unwanted = useRead((store) =>
    store.mailboxes(message.account).some(({ id, role }) => (role === 'junk' || role === 'trash') && message.mailboxes.includes(id)),
  );
  const mode = writingChoices(me).answerReceipts;
  const [wanted] = message.receiptTo;
  if (mode === 'never' || wanted === undefined || unwanted) return null;
  const same = message.from.some(({ email }) => email.toLowerCase() === wanted.email.toLowerCase());
  return mode === 'always' && same ? <ByItself message={message} /> : <Question message={message} wanted={wanted} same={same} />;
}

function ByItself({ message }: { readonly message: Message }) {
  const words = useWords(WORDS);
  const { services } = usePage();
  const [told, setTold] = useState(false);
  const asked = useRef<string | null>(null);
  useEffect(() => {
    if (asked.current === message.id) return;
    asked.current = message.id;
    tellSender(services, message, true).then(
      () => setTold(true),
      () => undefined,
    );
  }, [services, message]);
  return told ? <Told words={words.told} /> : null;
}

interface QuestionProps {
  readonly message: Message;
  readonly wanted: Address;
  readonly same: boolean;
}

function Question({ message, wanted, same }: QuestionProps) {
  const words = useWords(WORDS);
  const { services } = usePage();
  const [state, setState] = useState<State>('asked');
  const [problem, setProblem] = useState<Problem | null>(null);
  const act = (doing: Promise<unknown>, then: State): void => {
    setState('sending');
    setProblem(null);
    doing.then(
      () => setState(then),
      (caught: unknown) => {
        setProblem(problemOf(caught));
        setState('asked');
      },
    );
  };
  // Answered meanwhile, on another screen.
  if (state === 'declined' || (state === 'asked' && message.receiptAnswered)) return null;
  if (state === 'told') return <Told words={words.told} />;
  return (
    <div className="banner receipt-banner" role="group" aria-label={words.title}>
      <MailCheck aria-hidden="true" size={18} strokeWidth={1.75} />
      <div className="receipt-words">
        <p>{words.asks(nameOf(wanted))}</p>
        {!same && <p className="soft">{words.elsewhere(wanted.email)}</p>}
        {problem !== null && <Trouble look="line" problem={problem} />}
      </div>
      <Button label={words.yes} small look="outline" disabled={state === 'sending'} onClick={() => act(tellSender(services, message, false), 'told')} />
      <Button label={words.no} small disabled={state === 'sending'} onClick={() => act(declineReceipt(services, message), 'declined')} />
    </div>
  );
}

function Told({ words }: { readonly words: string }) {
  return (
    <p className="priority-mark" role="status">
      <MailCheck aria-hidden="true" size={16} strokeWidth={1.75} />
      {words}
    </p>
  );
}
