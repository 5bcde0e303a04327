import { useState } from 'react';

import { useLanguage } from '../i18n/index.tsx';
import { useWords } from '../i18n/words.ts';
import type { Draft, Me } from '../store/types.ts';
import { useAnnounce } from '../ui/Announcer.tsx';
import { useClient } from '../ui/client.tsx';
import { useFeatures, usePage } from '../ui/features.tsx';
import { obstacleTo, outOfSight, type Outside, type Question, questionsBefore } from './checks.ts';
import { type Known, knownPeople } from './recipients/known.ts';
import { splitDraft, wordsOf } from './editor/quoted.ts';
import { WORDS } from './words.ts';
import { WRITING_WORDS } from './writing-words.ts';

/** A slow server must not hold a message back for the sake of a question. */
const PATIENCE_MS = 600;

function recipientsOf({ content }: Draft): readonly string[] {
  return [...content.to, ...content.cc, ...content.bcc].map(({ email }) => email.toLowerCase());
}

/** Where one doesn't know in time whom a person writes to, nobody is called a stranger. */
function outsideFor(me: Me | null, known: Known | null, before: ReadonlySet<string>): Outside {
  const mode = me?.outside ?? 'show';
  return {
    mode: known === null && mode === 'first' ? 'show' : mode,
    domains: me?.academy.domains ?? [],
    known: new Set([...before, ...(known?.written ?? [])]),
  };
}

function inside(draft: Draft, selector: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-draft="${draft.key}"] ${selector}`);
}

/** What is in the way, what is asked, and then the message leaves; AT is when, null at once. */
export function useSending(draft: Draft, left: () => void) {
  const { words } = useLanguage();
  const more = useWords(WORDS);
  const writing = useWords(WRITING_WORDS);
  const announce = useAnnounce();
  const client = useClient();
  const page = usePage();
  const features = useFeatures();
  const { commands, store } = client;
  const [problem, setProblem] = useState<string | null>(null);
  const [missing, setMissing] = useState(false);
  const [questions, setQuestions] = useState<readonly Question[]>([]);
  const [at, setAt] = useState<string | null>(null);
  // Whom one answers is no stranger.
  const [before] = useState(() => new Set(recipientsOf(draft)));

  const leave = (sendAt: string | null): void => {
    void commands.run('send', { draft: draft.key, ...(sendAt === null ? {} : { sendAt }) });
    left();
  };
  const ask = async (now: Draft, sendAt: string | null, stay: () => void): Promise<void> => {
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
    const doubts = features.map((feature) => Promise.race([feature.beforeSending?.(page, now) ?? null, late]).catch(() => null));
    const known = await Promise.race([knownPeople(client), late]);
    const raised = (await Promise.all(doubts)).filter((doubt) => doubt !== null);
    const { html, text } = now.content;
    const own = questionsBefore(now, text ?? wordsOf(splitDraft(html).own), outsideFor(store.me(), known, before));
    const asked = [...raised.map((doubt): Question => ({ kind: 'feature', ...doubt })), ...own];
    setQuestions(asked);
    if (asked.length === 0) leave(sendAt);
    else stay();
  };
  const check = (now: Draft, sendAt: string | null, stay: () => void): void => {
    const obstacle = obstacleTo(now);
    setMissing(obstacle === 'no-recipient');
    setProblem(obstacle === 'uploading' ? words.compose.uploading : obstacle === 'sensitive-files' ? more.sensitiveFiles : null);
    setAt(sendAt);
    if (obstacle === null) void ask(now, sendAt, stay);
    else if (obstacle === 'no-recipient') inside(draft, '.recipients input')?.focus();
    else stay();
  };
  const send = (sendAt: string | null): void => {
    // What is typed in a field of addresses counts: leaving the field takes it.
    const from = document.activeElement;
    if (from instanceof HTMLElement) from.blur();
    // The keys go back there if something is in the way; else the page has them, as soon as it is asked to send.
    const stay = (): void => {
      if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
    };
    requestAnimationFrame(() => {
      // What isn't an address must not be left behind unseen.
      const wrong = inside(draft, 'input[data-wrong]');
      if (wrong !== null) wrong.focus();
      else check(store.draft(draft.key) ?? draft, sendAt, stay);
    });
  };
  const answered = (): void => {
    const rest = questions.slice(1);
    setQuestions(rest);
    if (rest.length === 0) leave(at);
  };
  const hide = (): void => {
    const { content } = store.draft(draft.key) ?? draft;
    const hidden = outOfSight(content, store.me()?.academy.domains ?? []);
    void commands.run('edit', { draft: draft.key, change: hidden });
    announce(writing.outOfSightDone(hidden.bcc.length - content.bcc.length));
    answered();
  };
  return { problem, setProblem, missing, setMissing, question: questions[0] ?? null, takeBack: () => setQuestions([]), answered, hide, send };
}
