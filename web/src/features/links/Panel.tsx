import { CalendarPlus, Link2Off, SlidersHorizontal } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';

import { useLanguage } from '../../i18n/index.tsx';
import { useWords } from '../../i18n/words.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Trouble } from '../../ui/Trouble.tsx';
import { problemOf, type Problem } from '../../wire/problems.ts';
import { type Limits, limitsOf, myLinks, revoke, type SentLink, setTerms } from './api.ts';
import './links.css';
import { Form } from './Terms.tsx';
import { WORDS } from './words.ts';

interface Known {
  readonly links: readonly SentLink[];
  readonly limits: Limits;
}

/** « Mes liens »: every file sent by link, who fetched it and when; keep it longer, or take it back. */
export function Panel() {
  const words = useWords(WORDS);
  const { road } = useClient().services;
  const [known, setKnown] = useState<Known | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, setAsked] = useState<SentLink | null>(null);
  const [changed, setChanged] = useState<SentLink | null>(null);
  const load = useCallback(
    (): Promise<void> =>
      Promise.all([myLinks(road), limitsOf(road)]).then(
        ([links, limits]) => {
          setKnown({ links, limits });
          setProblem(null);
        },
        (caught: unknown) => setProblem(problemOf(caught)),
      ),
    [road],
  );
  useEffect(() => void load(), [load]);
  const change = async (done: Promise<unknown>): Promise<void> => {
    try {
      await done;
      await load();
    } catch (caught) {
      setProblem(problemOf(caught));
    }
  };

  if (known === null) return problem === null ? <p className="soft">{words.loading}</p> : <Trouble what={words.failed} problem={problem} onRetry={load} />;
  if (known.links.length === 0) return <p className="soft">{words.empty}</p>;
  return (
    <>
      {problem !== null && <Trouble what={words.unchanged} problem={problem} onRetry={load} />}
      <ul className="links-list">
        {known.links.map((link) => (
          <Line
            key={link.id}
            link={link}
            days={known.limits.longestDays}
            onProlong={() => void change(setTerms(road, link.id, { days: known.limits.longestDays }))}
            onChange={() => setChanged(link)}
            onRevoke={() => setAsked(link)}
          />
        ))}
      </ul>
      {changed !== null && (
        <Changing
          found={{ links: [changed], limits: known.limits }}
          onClose={() => {
            setChanged(null);
            void load();
          }}
        />
      )}
      {asked !== null && (
        <Question
          link={asked}
          onClose={() => setAsked(null)}
          onYes={() => {
            setAsked(null);
            void change(revoke(road, asked.id));
          }}
        />
      )}
    </>
  );
}

interface LineProps {
  readonly link: SentLink;
  readonly days: number;
  readonly onProlong: () => void;
  readonly onChange: () => void;
  readonly onRevoke: () => void;
}

const ALIVE = new Set(['coming', 'checking', 'open', 'used_up']);

function Line({ link, days, onProlong, onChange, onRevoke }: LineProps) {
  const words = useWords(WORDS);
  const language = useLanguage();
  const alive = ALIVE.has(link.standing);
  return (
    <li className="links-item">
      <p className="links-name">
        <bdi>{link.name}</bdi>
      </p>
      <p className="links-facts">
        <span className="links-standing" data-standing={link.standing}>
          {words.standing[link.standing] ?? link.standing}
        </span>{' '}
        {language.size(link.size)}
        {alive && `, ${words.until(language.shortDate(link.expiresAt))}`}
        {link.password && `, ${words.withPassword}`}
      </p>
      <p className="links-facts">{link.sentAt === null ? words.notSent : words.sentTo(link.recipients.join(', '))}</p>
      {link.fetched.length > 0 ? (
        <details>
          <summary>{words.downloads(link.downloads, link.maxDownloads)}</summary>
          <ul>
            {link.fetched.map(({ address, at, source }) => (
              <li key={`${address}${at}`}>
                {address}, {language.longDate(at)} ({source})
              </li>
            ))}
          </ul>
        </details>
      ) : (
        <p className="links-facts">{words.downloads(link.downloads, link.maxDownloads)}</p>
      )}
      {alive && (
        <div className="links-acts">
          <Button small look="outline" icon={CalendarPlus} label={words.prolong} aria-label={words.prolongNamed(link.name, days)} onClick={onProlong} />
          <Button small look="outline" icon={SlidersHorizontal} label={words.change} aria-label={words.changeNamed(link.name)} onClick={onChange} />
          <Button small look="outline" icon={Link2Off} label={words.revoke} aria-label={words.revokeNamed(link.name)} onClick={onRevoke} />
        </div>
      )}
    </li>
  );
}

/** Other terms for a file that was sent: another download, a password that was forgotten. */
function Changing({ found, onClose }: { readonly found: Known; readonly onClose: () => void }) {
  const words = useWords(WORDS);
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <Dialog title={words.changeNamed(found.links[0]?.name ?? '')} onClose={onClose}>
      {problem !== null && <Trouble what={words.unchanged} problem={problem} />}
      <Form found={found} onClose={onClose} onProblem={setProblem} />
    </Dialog>
  );
}

function Question({ link, onClose, onYes }: { readonly link: SentLink; readonly onClose: () => void; readonly onYes: () => void }) {
  const words = useWords(WORDS);
  const { actions } = useLanguage().words;
  return (
    <Dialog
      title={words.revokeTitle}
      onClose={onClose}
      footer={
        <>
          <Button label={actions.cancel} look="outline" data-first onClick={onClose} />
          <Button label={words.revoke} look="danger" onClick={onYes} />
        </>
      }
    >
      <p>{words.revokeText(link.name)}</p>
    </Dialog>
  );
}
