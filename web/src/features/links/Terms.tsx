import { useCallback, useEffect, useId, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { Problem } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf } from '../../wire/problems.ts';
import { type Limits, limitsOf, linksWith, type SentLink, setTerms } from './api.ts';
import './links.css';
import { WORDS } from './words.ts';

const DAYS = [1, 3, 7, 15, 30, 60, 90, 180, 365];
const MOST = [0, 1, 2, 5, 10, 50];

interface Found {
  readonly links: readonly SentLink[];
  readonly limits: Limits;
}

/** How long, how often and with which password the files of one message may be fetched. */
export function Terms({ tokens, onClose }: { readonly tokens: readonly string[]; readonly onClose: () => void }) {
  const words = useWords(WORDS);
  const { road } = useClient().services;
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = useCallback((): Promise<void> => {
    const asked = tokens.length === 0 ? [] : linksWith(road, tokens);
    return Promise.all([asked, limitsOf(road)]).then(
      ([links, limits]) => {
        setFound({ links, limits });
        setProblem(null);
      },
      (caught: unknown) => setProblem(problemOf(caught)),
    );
  }, [road, tokens]);
  useEffect(() => void load(), [load]);
  return (
    <Dialog title={words.title} onClose={onClose}>
      {problem !== null && (found === null ? <Trouble what={words.failed} problem={problem} onRetry={load} /> : <Trouble what={words.unchanged} problem={problem} />)}
      {found === null && problem === null && <p className="soft">{words.loading}</p>}
      {found !== null && found.links.length === 0 && <p>{words.noLinks}</p>}
      {found !== null && found.links.length > 0 && <Form found={found} onClose={onClose} onProblem={setProblem} />}
    </Dialog>
  );
}

interface FormProps {
  readonly found: Found;
  readonly onClose: () => void;
  readonly onProblem: (problem: Problem | null) => void;
}

/** The terms of links that are known: all of them get the same. */
export function Form({ found: { links, limits }, onClose, onProblem }: FormProps) {
  const words = useWords(WORDS);
  const { road } = useClient().services;
  const [first] = links;
  const [days, setDays] = useState(first?.days ?? limits.defaultDays);
  const [most, setMost] = useState(first?.maxDownloads ?? 0);
  const [password, setPassword] = useState('');
  const [without, setWithout] = useState(false);
  const why = useId();
  const guarded = links.some((link) => link.password);
  const choices = [...new Set([...DAYS.filter((each) => each <= limits.longestDays), days])].toSorted((one, other) => one - other);
  const save = async (): Promise<void> => {
    onProblem(null);
    try {
      const terms = { days, maxDownloads: most, ...(password === '' && !without ? {} : { password: without ? '' : password }) };
      await Promise.all(links.map(({ id }) => setTerms(road, id, terms)));
      onClose();
    } catch (caught) {
      onProblem(problemOf(caught));
    }
  };
  return (
    <form
      className="links-terms"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <ul className="links-list">
        {links.map(({ id, name }) => (
          <li key={id} className="links-name">
            <bdi>{name}</bdi>
          </li>
        ))}
      </ul>
      <label>
        {words.days}
        <select className="input" value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {choices.map((each) => (
            <option key={each} value={each}>
              {words.dayCount(each)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.most}
        <select className="input" value={most} onChange={(event) => setMost(Number(event.target.value))}>
          {[...new Set([...MOST, most])].map((each) => (
            <option key={each} value={each}>
              {each === 0 ? words.noLimit : each}
            </option>
          ))}
        </select>
      </label>
      <div>
        <label>
          {words.password}
          <input
            className="input"
            value={password}
            minLength={8}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            placeholder={guarded ? words.passwordKept : ''}
            disabled={without}
            aria-describedby={why}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        {guarded && (
          <label className="links-tick">
            <input type="checkbox" checked={without} onChange={(event) => setWithout(event.target.checked)} />
            {words.passwordNone}
          </label>
        )}
        <p id={why} className="soft">
          {words.passwordWhy} {limits.outsiderPassword && words.passwordNeeded}
        </p>
      </div>
      <Button type="submit" look="primary" label={words.save} />
    </form>
  );
}
