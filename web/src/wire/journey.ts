import { defaultOptions, DetailedError, Upload } from 'tus-js-client';

import { problemOfAnswer, WireError } from './problems.ts';
import { cancelled, type Journey, type JourneyEnd, type OnProgress, type Pieces } from './road.ts';

/** What a short break costs nobody a thought; after a longer one the file waits for the connection. */
const PAUSES_MS = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000];

function failureOf(error: Error): WireError {
  const answer = error instanceof DetailedError ? (error.originalResponse ?? null) : null;
  if (answer === null) return new WireError({ kind: 'offline' });
  return new WireError(problemOfAnswer(answer.getStatus(), answer.getBody(), (name) => answer.getHeader(name) ?? null));
}

/** A file in pieces, as tus 1.0 has it. */
export class TusJourney implements Journey {
  private readonly upload: Upload;
  private link: string | null = null;
  private sent = 0;

  constructor(path: string, file: File, { bytes, metadata }: Pieces) {
    this.upload = new Upload(file, {
      endpoint: path,
      chunkSize: bytes,
      retryDelays: PAUSES_MS,
      metadata: { ...metadata },
      // Nothing of it stays in the browser: the computer may be shared.
      storeFingerprintForResuming: false,
      onAfterResponse: (_request, answer) => {
        this.link = answer.getHeader('X-Casier-Link') ?? this.link;
      },
    });
  }

  run(signal: AbortSignal, onProgress: OnProgress): Promise<JourneyEnd> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        // What came so far is deleted; where that fails, the platform forgets it after a day.
        this.upload.abort(true).catch(() => undefined);
        reject(cancelled());
      };
      const ended = () => signal.removeEventListener('abort', stop);
      this.upload.options.onProgress = (sent) => {
        this.sent = sent;
        onProgress(sent);
      };
      this.upload.options.onShouldRetry = (error, attempt, options) => {
        const again = defaultOptions.onShouldRetry?.(error, attempt, options) ?? false;
        // The first time it goes on at once.
        if (again && attempt > 0) onProgress(this.sent, true);
        return again;
      };
      this.upload.options.onError = (error) => {
        ended();
        reject(failureOf(error));
      };
      this.upload.options.onSuccess = () => {
        ended();
        const { url } = this.upload;
        if (url === null) reject(new WireError({ kind: 'not-found' }));
        else resolve({ location: new URL(url, location.href).pathname, link: this.link });
      };
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
      else this.upload.start();
    });
  }
}
