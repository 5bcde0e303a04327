import { useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Problem } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf } from '../../wire/problems.ts';
import type { Redirects } from './rules.ts';
import type { FilterService } from './service.ts';
import { WORDS } from './words.ts';

interface Props {
  readonly redirects: Redirects;
  readonly service: FilterService;
  readonly onChange: (redirects: Redirects) => void;
}

/** Addresses elsewhere that one proves to be one's own. */
export function Addresses({ redirects, service, onChange }: Props) {
  const words = useWords(WORDS);
  const [typed, setTyped] = useState('');
  const [sent, setSent] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = (act: () => Promise<void>): void => {
    setProblem(null);
    act().catch((caught: unknown) => setProblem(problemOf(caught)));
  };
  const ask = (address: string): void =>
    run(async () => {
      await service.sendCode(address);
      setSent(true);
      setTyped('');
      if (!redirects.addresses.some((known) => known.address === address)) {
        onChange({ ...redirects, addresses: [...redirects.addresses, { address, verified: false }] });
      }
    });
  return (
    <section className="rules-section">
      <h4>{words.addresses}</h4>
      <p className="soft">{words.addressesWhy}</p>
      <ul className="addresses">
        {redirects.addresses.map(({ address, verified }) => (
          <li key={address}>
            <span className="address">
              {address} <span className="soft">{verified ? words.verified : words.unverified}</span>
            </span>
            {!verified && <Proof onProve={(code) => run(async () => onChange((await service.prove(address, code)).redirects))} />}
            <Button small label={words.forget} onClick={() => run(async () => onChange((await service.forget(address)).redirects))} />
          </li>
        ))}
      </ul>
      <form
        className="address-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() !== '') ask(typed.trim().toLowerCase());
        }}
      >
        <input className="input" type="email" aria-label={words.address} placeholder={words.address} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <Button type="submit" look="outline" label={words.sendCode} disabled={typed.trim() === ''} />
      </form>
      <div role="status">
        {sent && problem === null && <p className="soft">{words.codeSent}</p>}
        {problem !== null && <Trouble quiet problem={problem} />}
      </div>
    </section>
  );
}

function Proof({ onProve }: { readonly onProve: (code: string) => void }) {
  const words = useWords(WORDS);
  const [code, setCode] = useState('');
  return (
    <form
      className="address-form"
      onSubmit={(event) => {
        event.preventDefault();
        onProve(code);
      }}
    >
      <input className="input code" inputMode="numeric" autoComplete="one-time-code" maxLength={20} aria-label={words.code} placeholder={words.code} value={code} onChange={(event) => setCode(event.target.value)} />
      <Button type="submit" look="outline" small label={words.prove} disabled={code.trim() === ''} />
    </form>
  );
}
