import { useEffect, useState } from 'react';

import { useWords } from '../../i18n/words.ts';
import type { AccountId, Attachment } from '../../store/types.ts';
import { Button } from '../../ui/Button.tsx';
import { useClient } from '../../ui/client.tsx';
import { askBytes, askJson } from '../../wire/http.ts';
import { type Problem, problemOf } from '../../wire/problems.ts';
import type { Road } from '../../wire/road.ts';
import type { Unfetched } from './bytes.ts';
import { Pages } from './Pdf.tsx';
import { Unread, Unshown, Waiting } from './Shown.tsx';
import { words as bilingualWords, type PreviewWords } from './words.ts';

interface Preview {
  readonly id: string;
  readonly state: 'ready' | 'working' | 'queued' | 'failed' | 'unknown';
  readonly reason: string;
  readonly ahead: number;
}

type Stage =
  | { readonly state: 'under-way'; readonly ahead: number }
  | { readonly state: 'unconverted'; readonly text: string; readonly again: boolean }
  | Unfetched
  | { readonly state: 'ready'; readonly pages: ArrayBuffer };

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 2_000;

interface Props {
  readonly file: Attachment;
  readonly account: AccountId;
  readonly zoom: number;
}

/** A document of an office suite: the platform makes pages of it, which are shown as any PDF. */
export function Office({ file, account, zoom }: Props) {
  const words = useWords(bilingualWords);
  const [tries, setTries] = useState(0);
  const stage = useConverted(file, account, words, [tries, setTries]);
  if (stage.state === 'failed') return <Unread {...stage} />;
  if (stage.state === 'unconverted') {
    return (
      <Unshown file={file} text={stage.text}>
        {stage.again && <Button label={words.retry} look="outline" onClick={() => setTries(tries + 1)} />}
      </Unshown>
    );
  }
  if (stage.state === 'under-way') return <Waiting text={stage.ahead > 0 ? words.waiting(stage.ahead) : words.converting} />;
  return (
    <>
      <p className="viewer-cut">{words.converted}</p>
      <Pages bytes={stage.pages} file={file} zoom={zoom} />
    </>
  );
}

function useConverted(file: Attachment, account: AccountId, words: PreviewWords, [tries, setTries]: readonly [number, (tries: number) => void]): Stage {
  const { services } = useClient();
  const [stage, setStage] = useState<Stage>({ state: 'under-way', ahead: 0 });
  useEffect(() => {
    const stop = new AbortController();
    const asked = { accountId: account, blobId: file.blob, name: file.name, type: file.type };
    convert(services.road, asked, stop.signal, (ahead) => setStage({ state: 'under-way', ahead })).then(
      (pages) => setStage({ state: 'ready', pages }),
      (caught: unknown) => {
        if (!stop.signal.aborted) setStage(endOf(caught, words, () => setTries(tries + 1)));
      },
    );
    return () => stop.abort();
  }, [services, file, account, words, tries, setTries]);
  return stage;
}

/** It can't be converted; the code says why. */
class Unconverted extends Error {}

interface Asked {
  readonly accountId: AccountId;
  readonly blobId: string;
  readonly name: string;
  readonly type: string;
}

async function convert(road: Road, asked: Asked, signal: AbortSignal, onWaiting: (ahead: number) => void): Promise<ArrayBuffer> {
  let preview = await askJson<Preview>(road, '/api/previews', { method: 'POST', body: asked, signal });
  let pause = FIRST_PAUSE;
  while (preview.state === 'working' || preview.state === 'queued') {
    onWaiting(preview.ahead);
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(LONGEST_PAUSE, pause * 1.3);
    preview = await askJson<Preview>(road, `/api/previews/${preview.id}`, { background: true, signal });
  }
  if (preview.state !== 'ready') throw new Unconverted(preview.reason);
  return askBytes(road, `/api/previews/${preview.id}/pages`, { signal });
}

function endOf(caught: unknown, words: PreviewWords, again: () => void): Stage {
  if (!(caught instanceof Unconverted)) return unanswered(problemOf(caught), again);
  // What a document is doesn't change; the queue does, and it may have been forgotten meanwhile.
  if (caught.message === '' || caught.message === 'busy') return { state: 'unconverted', text: words.reasons.busy, again: true };
  const text = (words.reasons as Readonly<Record<string, string>>)[caught.message] ?? words.reasons.not_convertible;
  return { state: 'unconverted', text, again: false };
}

/** What the platform refuses of a document it refuses again, but for a preview that it has put away. */
function unanswered(problem: Problem, again: () => void): Stage {
  if (problem.kind !== 'refused' || problem.detail === null) return { state: 'failed', problem, again };
  return { state: 'unconverted', text: problem.detail, again: problem.code === 'preview_gone' };
}
